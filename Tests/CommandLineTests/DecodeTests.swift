import ESegImaging
import ESegRuntime
import Foundation
import TestSupport
import Testing

/// The pixels that `eseg decode` writes.
@Suite struct DecodeTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test func writesThePixelsThatEveryCommandReads() throws {
        let frame = try #require(try ImageFolder(path: Tool.calibrationFrames).paths.first)
        let output = try folder.write([], to: "frame.ppm")
        let result = try Tool.run(["decode", frame], outputTo: output)
        #expect(result.status == 0, "\(result.errors)")
        let image = try RGBImage(contentsOf: frame)
        let expected = Data("P6\n\(image.width) \(image.height)\n255\n".utf8) + Data(image.pixels)
        #expect(try Data(contentsOf: URL(fileURLWithPath: output)) == expected)
    }

    @Test func whatIsNoImageIsRefusedAndGivesNothing() throws {
        for path in [folder.path + "/absent.png", try folder.write(Array("no image".utf8), to: "text.png")] {
            let result = try Tool.run("decode", path)
            #expect(result.status == 1 && result.output.isEmpty)
            #expect(result.errors.hasPrefix("eseg: error: \(path): "), "\(result.errors)")
        }
    }

    @Test func aFullDiskIsAnError() throws {
        let frame = try #require(try ImageFolder(path: Tool.calibrationFrames).paths.first)
        let result = try Tool.run(["decode", frame], outputTo: "/dev/full")
        #expect(result.status == 1 && result.errors == "eseg: error: standard output: No space left on device\n")
    }
}
