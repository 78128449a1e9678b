import Kernels
import Testing

@testable import ESegRuntime

@Suite("Squeeze-excite")
struct SqueezeExciteTests {
    /// 4096x4096, half of a side of 8192, holds 2^24 pixels; their codes' sum does not fit an int32.
    @Test("sums the codes of maps of any size", arguments: ISA.supported)
    func sums(isa: ISA) {
        let pixels = 1 << 24, channels = 67
        let pixel = (0..<channels + Int(ESEG_SLACK)).map { UInt8(255 - $0 % 64) }
        var sums = [Int64](repeating: 0, count: channels)
        eseg_s8_add_channel_sums(eseg_kernels_for(isa.value), pixel, 0, Int32(pixels), Int32(channels), &sums)
        #expect(sums == pixel.prefix(channels).map { Int64($0) * Int64(pixels) })
    }
}
