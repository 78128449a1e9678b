import ESegImaging
import ESegRuntime
import Foundation
import TestSupport
import Testing

/// `Examples/Embedding`, compiled in the way that its first lines tell, gives the program's bytes.
@Suite struct EmbeddingExampleTests {
    private let model = Tool.package + "/Models/eseg-edge.eseg"
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// A frame as a PPM file, and its raw pixels as another.
    private func frame() throws -> (image: RGBImage, ppm: String, raw: String) {
        let path = try #require(try ImageFolder(path: Tool.calibrationFrames).paths.first)
        let image = try RGBImage(contentsOf: path)
        let ppm = try folder.write(Array("P6 \(image.width) \(image.height) 255\n".utf8) + image.pixels, to: "frame.ppm")
        return (image, ppm, try folder.write(image.pixels, to: "frame.rgb"))
    }

    /// What the program writes of the frame.
    private func expected(_ image: RGBImage, _ raw: String) throws -> [UInt8] {
        let classes = try folder.write([], to: "expected")
        let result = try Tool.run(
            ["run", model, raw, "--raw", "\(image.width)x\(image.height):rgb24", "--stdout", "raw"], outputTo: classes)
        try #require(result.status == 0, "\(result.errors)")
        return Array(try Data(contentsOf: URL(fileURLWithPath: classes)))
    }

    @Test func anImagesClassesInFortyLinesOfC() throws {
        let source = try String(contentsOfFile: Tool.package + "/Examples/Embedding/segment.c", encoding: .utf8)
        #expect(source.split(separator: "\n", omittingEmptySubsequences: false).count <= 41, "40 lines")
        guard let program = try CLibrary.compile(["Examples/Embedding/segment.c"], in: folder, flags: "-fsanitize=address,undefined") else {
            return print("skipped: needs cc and pkg-config")
        }
        let (image, ppm, raw) = try frame(), output = try folder.write([], to: "classes.pgm")
        let result = try CLibrary.run(program, model, ppm, outputTo: output)
        #expect(result.status == 0, "\(result.errors)")
        let found = Array(try Data(contentsOf: URL(fileURLWithPath: output)))
        let header = Array("P5 \(image.width) \(image.height) 255\n".utf8), classes = try expected(image, raw)
        #expect(found == header + classes)

        let failures = [
            ([], "usage: "), (["no.eseg", ppm], "no.eseg: file: "), ([model, model], "expected a PPM"), ([model, raw], "expected a PPM"),
        ]
        for (arguments, message) in failures {
            let refused = try Tool.run(arguments, program: program, environment: CLibrary.environment())
            #expect(refused.status == 1 && refused.errors.hasPrefix(message), "\(refused.errors)")
        }
    }

    /// OpenCV writes the frames' overlays, which are lossy: they are near what the program makes.
    @Test func aCamerasFramesWithOverlayInCPlusPlus() throws {
        guard let program = try CLibrary.compile(["Examples/Embedding/camera.cpp"], in: folder, compiler: "c++", packages: "eseg opencv4")
        else {
            return print("skipped: needs c++, pkg-config and libopencv-dev")
        }
        let jpeg = try frame().image.jpegBytes(quality: 95), image = try RGBImage(encoded: jpeg, name: "frame")
        let network = try Model(contentsOf: model), session = try Session(network, height: image.height, width: image.width)
        let video = try folder.write(jpeg + jpeg + jpeg, to: "frames.mjpeg")
        let overlays = folder.path + "/overlays.avi"
        let result = try CLibrary.run(program, model, video, overlays)
        #expect(result.status == 0, "\(result.errors)")
        let written = try firstJPEG(in: Array(Data(contentsOf: URL(fileURLWithPath: overlays))))
        let seen = try RGBImage(encoded: written, name: "overlay")
        let wanted = try session.segment(image).overlaid(on: image, palette: Palette(classNames: network.classNames))
        let error = zip(seen.pixels, wanted.pixels).reduce(0) { $0 + abs(Int($1.0) - Int($1.1)) }
        #expect(Double(error) / Double(seen.pixels.count) < 4)

        let refused = try CLibrary.run(program, model, "nothing.avi")
        #expect(refused.status == 1 && refused.errors.contains("nothing.avi: no frames can be read"))
    }

    private func firstJPEG(in bytes: [UInt8]) throws -> [UInt8] {
        let start = try #require(bytes.indices.dropLast(2).first { bytes[$0] == 0xff && bytes[$0 + 1] == 0xd8 && bytes[$0 + 2] == 0xff })
        let end = try #require((start..<bytes.count - 1).first { bytes[$0] == 0xff && bytes[$0 + 1] == 0xd9 })
        return Array(bytes[start...end + 1])
    }
}
