import Testing

@testable import ESegImaging

@Suite struct ForeignFormatTests {
    private func format(_ bytes: [UInt8]) -> ForeignFormat? { bytes.withUnsafeBufferPointer { ForeignFormat($0) } }

    @Test(
        arguments: [
            ([0, 0, 0, 1, 0x67, 0x42], .h264), ([0, 0, 1, 0x09, 0xF0], .h264), ([0, 0, 0, 1, 0x40, 1], .h265), ([0, 0, 1, 0xB3, 1], .mpeg),
            ([0, 0, 0, 0x20] + Array("ftypisom".utf8), .mp4), ([0, 0, 0, 0x20] + Array("ftypheic".utf8), .heif),
            (Array("RIFF0000AVI ".utf8), .avi), (Array("RIFF0000WEBP".utf8), .webp), ([0x1A, 0x45, 0xDF, 0xA3], .matroska),
            ([0x47] + [UInt8](repeating: 0, count: 187) + [0x47], .transportStream), ([0x4D, 0x4D, 0, 42], .tiff),
        ] as [([UInt8], ForeignFormat)])
    func firstBytesTell(bytes: [UInt8], expected: ForeignFormat) { #expect(format(bytes) == expected) }

    @Test(arguments: [[], [0, 0, 0], [0, 0, 0, 1], [0, 0, 0, 0, 1, 0x67], Array("GIF".utf8), Array("a text".utf8), [0x47]] as [[UInt8]])
    func othersAreUnknown(bytes: [UInt8]) { #expect(format(bytes) == nil) }

    @Test func videoCanBeMadeReadable() {
        #expect(ForeignFormat.h264.advice?.contains("--codec mjpeg") == true && ForeignFormat.gif.advice == nil)
    }
}
