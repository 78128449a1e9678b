import ESegNetwork
import Foundation
import Quantization
import TestSupport
import Testing

@testable import ESegRuntime

/// An image's pixels are the caller's memory: what lies behind them may be no memory at all.
@Suite struct ImageMemoryTests {
    private static let side = 64

    /// The pixels of an image that end where readable memory ends.
    private func withPixelsAtAnEnd(_ body: (UnsafeBufferPointer<UInt8>) throws -> Void) throws {
        let page = Int(sysconf(Int32(_SC_PAGESIZE))), count = Self.side * Self.side * 3
        let pages = (count + page - 1) / page, length = (pages + 1) * page
        let memory = mmap(nil, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
        let start = try #require(memory != MAP_FAILED ? memory : nil)
        defer { munmap(start, length) }
        try #require(mprotect(start + pages * page, page, PROT_NONE) == 0)
        let pixels = (start + pages * page - count).assumingMemoryBound(to: UInt8.self)
        for i in 0..<count { pixels[i] = UInt8(truncatingIfNeeded: i &* 37) }
        try body(UnsafeBufferPointer(start: pixels, count: count))
    }

    /// A 1×1 convolution would read whole groups of four codes of pixels that have three.
    @Test(arguments: [1, 3, 5, 7], [false, true])
    func nothingIsReadBehindTheLastPixel(kernel: Int, int16: Bool) throws {
        let first = Convolution(inputChannels: 3, outputChannels: 8, kernel: kernel, stride: kernel > 3 ? 2 : 1, activation: .relu)
        let last = Convolution(inputChannels: 8, outputChannels: 4, kernel: 1, stride: 1, activation: .none)
        let network = randomNetwork(
            Graph(nodes: [
                Node(name: "image", operation: .image(Image()), inputs: []),
                Node(name: "first", operation: .convolution(first), inputs: [0]),
                Node(name: "last", operation: .convolution(last), inputs: [1]),
            ]))
        var calibrator = try Calibrator(network: network, height: Self.side, width: Self.side, threads: 1)
        try calibrator.add(image: .gradient(width: Self.side, height: Self.side))
        let quantized = try Quantizer.quantize(
            network: network, statistics: calibrator.finish(), options: QuantizationOptions(int16Activations: int16 ? ["first"] : []))
        try withPixelsAtAnEnd { pixels in
            for isa in ISA.underTest {
                let session = try Session(try Model(quantized, isa: isa), height: Self.side, width: Self.side, threads: 1)
                var classes = [UInt8](repeating: 0, count: Self.side * Self.side)
                try classes.withUnsafeMutableBufferPointer { try session.segment(pixels, into: $0) }
                let image = RGBImage(width: Self.side, height: Self.side, pixels: Array(pixels))
                #expect(try session.segment(image).classes == classes, "\(isa)")
            }
        }
    }
}
