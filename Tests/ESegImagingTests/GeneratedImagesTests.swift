import ESegRuntime
import Foundation
import TestSupport
import Testing

@testable import ESegImaging

/// Images and streams of all kinds, made by `Tests/Images/generate.py` with what Pillow, OpenCV and ffmpeg make of them.
///
/// They are looked for in the folder that `ESEG_GENERATED_IMAGES` names; without it these tests say that they were skipped.
@Suite struct GeneratedImagesTests {
    struct Listed: Decodable {
        struct Image: Decodable {
            let name: String
            let refused: Bool
            let width: Int
            let height: Int
        }

        struct Stream: Decodable {
            let name: String
            let raw: String
            let tolerance: Int
            let damaged: Int
            let sizes: [[Int]]
        }

        let images: [Image]
        let streams: [Stream]
    }

    static let folder = ProcessInfo.processInfo.environment["ESEG_GENERATED_IMAGES"] ?? ""

    private static func bytes(_ name: String) throws -> [UInt8] { Array(try Data(contentsOf: URL(fileURLWithPath: folder + "/" + name))) }

    private static func listed() throws -> Listed { try JSONDecoder().decode(Listed.self, from: Data(bytes("samples.json"))) }

    @Test(.enabled(if: !folder.isEmpty, "no images were generated: see Tests/Images"))
    func pixelsAreThoseOfTheReferences() throws {
        for image in try Self.listed().images {
            let file = try Self.bytes(image.name)
            if image.refused {
                #expect(throws: ImageError.self, "\(image.name)") { try RGBImage(encoded: file, name: image.name) }
                continue
            }
            guard let found = try? RGBImage(encoded: file, name: image.name) else {
                Issue.record("\(image.name) is refused")
                continue
            }
            #expect(found.width == image.width && found.height == image.height, "\(image.name): \(found.width)x\(found.height)")
            #expect(try found.pixels == Self.bytes(image.name + ".rgb"), "\(image.name)")
        }
    }

    @Test(.enabled(if: !folder.isEmpty, "no images were generated: see Tests/Images"))
    func framesAreThoseOfTheReferences() throws {
        for stream in try Self.listed().streams {
            let reading = try StreamReading(Self.bytes(stream.name), raw: stream.raw.isEmpty ? nil : stream.raw)
            #expect(reading.failure == nil && reading.damage.count == stream.damaged, "\(stream.name): \(reading.damage)")
            #expect(reading.frames.map { [$0.width, $0.height] } == stream.sizes, "\(stream.name)")
            let expected = try Self.bytes(stream.name + ".frames"), found = reading.frames.flatMap(\.pixels)
            let difference = zip(found, expected).reduce(0) { max($0, abs(Int($1.0) - Int($1.1))) }
            #expect(found.count == expected.count && difference <= stream.tolerance, "\(stream.name): \(difference)")
        }
    }
}
