import ESegRuntime
import TestSupport
import Testing

@testable import ESegImaging

@Suite struct JPEGFramerTests {
    /// However a stream is cut into pieces, the same images come out.
    @Test func piecesDoNotMatter() throws {
        let image = try RGBImage.gradient(width: 40, height: 24).jpegBytes()
        let stream = [1, 2] + image + JPEGSamples.progressive + [0xFF] + image
        for piece in [1, 2, 3, 7, 64] {
            var framer = JPEGFramer(), buffer: [UInt8] = [], images: [[UInt8]] = []
            for start in stride(from: 0, to: stream.count, by: piece) {
                buffer += stream[start..<min(start + piece, stream.count)]
                steps: while true {
                    switch buffer.withUnsafeBufferPointer({ framer.next(in: $0) }) {
                    case .more: break steps
                    case .skip(let count): buffer.removeFirst(count)
                    case .image(let count):
                        images.append(Array(buffer[..<count]))
                        buffer.removeFirst(framer.finish())
                    case .broken(_, let reason): throw Broken(reason: reason)
                    }
                }
            }
            #expect(images == [image, JPEGSamples.progressive, image])
        }
    }

    private struct Broken: Error {
        let reason: String
    }

    /// The bytes without the last ones, which lie behind the end that is told.
    private func within<Result>(_ bytes: [UInt8], without last: Int = 0, _ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
        bytes.withUnsafeBufferPointer { body(UnsafeBufferPointer(rebasing: $0.dropLast(last))) }
    }

    @Test func aFrameHeaderIsOneOnceItsComponentsAreThere() {
        let header: [UInt8] = [0, 0xFF, 0xC0, 0, 11, 8, 0, 16, 0, 16, 1]
        #expect(within(header) { $0.imageHeader(within: 11) } == 1)
        #expect(within(header, without: 1) { $0.imageHeader(within: 10) } == nil)
        #expect(within(header) { $0.imageHeader(within: 1) } == nil)
        #expect(within(header) { $0.imageHeader(within: 2) } == 1)
    }

    @Test(arguments: [0, 5] as [UInt8]) func itHasOneToFourComponents(components: UInt8) {
        let header: [UInt8] = [0xFF, 0xC2, 0, 8 + 3 * components, 12, 0, 16, 0, 16, components]
        #expect(within(header) { $0.imageHeader(within: 10) } == nil)
    }

    @Test func aScanHeaderIsOneOnceItsLastByteIsThere() {
        let header: [UInt8] = [0xFF, 0xDA, 0, 8, 1, 1, 0, 0, 63, 0]
        #expect(within(header) { $0.imageHeader(within: 10) } == 0)
        #expect(within(header, without: 1) { $0.imageHeader(within: 9) } == nil)
        for (at, value) in [(7, 1), (8, 64), (9, 16)] {
            var other = header
            other[at] = UInt8(value)
            #expect(within(other) { $0.imageHeader(within: 10) } == nil)
        }
    }

    @Test func markersBehindTheEndAreNotSeen() {
        #expect(within([0, 0xFF, 0xD9]) { $0.endOfImage(in: 0..<2) } == 3)
        #expect(within([0xFF, 0xFF, 0xD9]) { $0.endOfImage(in: 0..<2) } == 3)
        #expect(within([0, 0xFF, 0xD9], without: 1) { $0.endOfImage(in: 0..<2) } == nil)
        #expect(within([0, 0xFF, 0xD9]) { $0.endOfImage(in: 0..<1) } == nil)
        #expect(within([0xFF, 0xD8, 0xFF]) { $0.firstStartOfImage(from: 0) } == 0)
        #expect(within([0xFF, 0xD8, 0xFF], without: 1) { $0.firstStartOfImage(from: 0) } == nil)
        #expect(within([0xFF, 0xFF, 0xD8, 0xFF]) { $0.firstStartOfImage(from: 0) } == 1)
    }
}
