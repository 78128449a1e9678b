import ESegImaging
import ESegRuntime
import Foundation
import TestSupport
import Testing

@Suite struct RunTests {
    private let folder: TemporaryFolder
    private let street = Tool.comparisonData + "/images/000376.jpg"

    init() throws { folder = try TemporaryFolder() }

    private var out: String { folder.path + "/out" }

    private func outputs() -> [String] { ((try? FileManager.default.contentsOfDirectory(atPath: out)) ?? []).sorted() }

    @Test func writesAClassMapAndAnOverlayOfTheImagesSize() throws {
        let result = try Tool.run("run", QuantizedModel.path(), street, "-o", out + "/deeper", "--threads", "2")
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.output.hasPrefix("\(street)  480x360  "))
        let map = try LabelMap(contentsOf: out + "/deeper/000376.png", classCount: 11)
        let truth = try LabelMap(contentsOf: Tool.comparisonData + "/labels/000376.png", classCount: 11)
        let right = zip(map.classes, truth.classes).filter { $0 == $1 }.count
        #expect(right > map.classes.count * 8 / 10)
        let overlay = try RGBImage(contentsOf: out + "/deeper/000376-overlay.png")
        #expect(overlay.width == 480 && overlay.height == 360)
    }

    @Test func mapsKeepTheImagesSizeWhateverTheNetworks() throws {
        let result = try Tool.run("run", QuantizedModel.path(), street, "-o", out, "--size", "96x64")
        #expect(result.status == 0, "\(result.errors)")
        let map = try RGBImage(contentsOf: out + "/000376.png")
        #expect(map.width == 480 && map.height == 360)
    }

    @Test func doubtIsAThirdPicture() throws {
        let model = try QuantizedModel.path()
        let result = try Tool.run("run", model, street, "-o", out, "--doubt", "--threads", "1")
        #expect(result.status == 0, "\(result.errors)")
        #expect(outputs() == ["000376-doubt.png", "000376-overlay.png", "000376.png"])
        let image = try RGBImage(contentsOf: street), found = try RGBImage(contentsOf: out + "/000376-doubt.png")
        let (map, doubt) = try Session(Model(contentsOf: model), height: 360, width: 480).segmentWithDoubt(image)
        #expect(found.pixels == doubt.flatMap { [$0, $0, $0] })
        #expect(try LabelMap(contentsOf: out + "/000376.png", classCount: 11).classes == map.classes)
        let share = 100 * Double(doubt.count { $0 >= 128 }) / Double(doubt.count)
        #expect(result.output.hasSuffix("  \(String(format: "%.2f", share)) % doubtful\n"), "\(result.output)")
    }

    @Test func takesFoldersAndSumsUp() throws {
        for name in ["a.png", "b.jpg"] { try folder.write(RGBImage.gradient(width: 64, height: 48).pngBytes(), to: "in/\(name)") }
        let result = try Tool.run("run", QuantizedModel.path(), folder.path + "/in", street, "-o", out)
        #expect(result.status == 0, "\(result.errors)")
        #expect(outputs() == ["000376-overlay.png", "000376.png", "a-overlay.png", "a.png", "b-overlay.png", "b.png"])
        #expect(result.output.contains("3 images, median "))
    }

    @Test func everyInstructionSetAndThreadCountGivesTheSameBytes() throws {
        let names = ISA.supported.map(\.description)
        for name in names {
            for threads in ["1", "3"] {
                let result = try Tool.run(
                    ["run", QuantizedModel.path(), street, "-o", out + "/\(name)-\(threads)", "--size", "64x64", "--threads", threads],
                    environment: ["ESEG_ISA": name])
                #expect(result.status == 0, "\(result.errors)")
            }
        }
        let maps = try names.flatMap { name in
            try ["1", "3"].map { try Data(contentsOf: URL(fileURLWithPath: out + "/\(name)-\($0)/000376.png")) }
        }
        #expect(Set(maps).count == 1)
    }

    @Test func badImagesAreReportedAndTheOthersSegmented() throws {
        let jpeg = try RGBImage.gradient(width: 64, height: 64).jpegBytes()
        let bad =
            [
                ("empty.jpg", [], "format: found an empty file"),
                ("text.jpg", Array("text".utf8), "format: found 4 bytes of something else"),
                ("cut.jpg", Array(jpeg.dropLast(40)), "data: found "),
                (
                    "point.png", try RGBImage.flat(width: 1, height: 1, [1, 2, 3]).pngBytes(),
                    "size: found 1x1, expected 32 to 16384 a side"
                ),
                ("huge.png", PNGBuilder(width: 20_000, height: 20_000, type: .rgb, rows: []).bytes, "size: found 20000x20000, expected at"),
            ] as [(String, [UInt8], String)]
        let paths = try bad.map { try folder.write($0.1, to: $0.0) }
        let result = try Tool.run(["run", QuantizedModel.path()] + paths + [folder.path + "/absent.jpg", street, "-o", out])
        #expect(result.status == 1)
        for (path, image) in zip(paths, bad) { #expect(result.errors.contains("eseg: error: \(path): \(image.2)"), "\(image.0)") }
        #expect(result.errors.contains("eseg: error: \(folder.path)/absent.jpg: file: found no such file or directory"))
        #expect(result.errors.hasSuffix("eseg: error: 6 of 7 images could not be segmented\n"))
        #expect(outputs() == ["000376-overlay.png", "000376.png"])
    }

    @Test func aStreamUnderAnImagesNameIsTold() throws {
        let jpeg = try RGBImage.gradient(width: 64, height: 64).jpegBytes(),
            other = try RGBImage.gradient(width: 32, height: 32).jpegBytes()
        let pictures = Array(jpeg[..<2]) + [0xFF, 0xE2, 0, 6] + Array("MPF\0".utf8) + jpeg[2...] + jpeg
        for (bytes, isTold) in [
            (jpeg + jpeg, true), (jpeg + [0, 0] + jpeg, true), (jpeg, false), (jpeg + other, false), (pictures, false),
        ] {
            let path = try folder.write(bytes, to: "a.jpg")
            let result = try Tool.run("run", QuantizedModel.path(), path, "-o", out)
            #expect(result.status == 0)
            #expect(result.errors.hasPrefix("eseg: warning: \(path): found further images of that size behind the first") == isTold)
            #expect(isTold || result.errors.isEmpty)
        }
    }

    @Test func controlCharactersInNamesAreEscapedInMessages() throws {
        let path = try folder.write([1], to: "a\n\u{1B}[31m.png")
        let result = try Tool.run("run", QuantizedModel.path(), path, "-o", out)
        #expect(result.status == 1)
        #expect(result.errors.hasPrefix("eseg: error: \(folder.path)/a\\n\\u{1B}[31m.png: format: found "), "\(result.errors)")
    }

    @Test func namesMayBeginWithACombiningMark() throws {
        let image = try folder.write(RGBImage.gradient(width: 32, height: 32).pngBytes(), to: "in/\u{301}x.png")
        let result = try Tool.run("run", QuantizedModel.path(), image, "-o", out + "/\u{301}deeper")
        #expect(result.status == 0, "\(result.errors)")
        #expect(try LabelMap(contentsOf: out + "/\u{301}deeper/\u{301}x.png", classCount: 11).classes.count == 32 * 32)
    }

    @Test func closedStandardStreamsDoNotDamageOutputs() throws {
        let script = "exec \"$0\" run \"$1\" \"$2\" -o \"$3\" --size 32x32 <&- >&- 2>&-"
        let result = try Tool.run(["-c", script, Tool.path, QuantizedModel.path(), street, out], program: "/bin/sh")
        #expect(result.status == 1)
        #expect(try LabelMap(contentsOf: out + "/000376.png", classCount: 11).classes.count == 480 * 360)
    }

    @Test func tinyImagesCanBeResized() throws {
        let point = try folder.write(RGBImage.flat(width: 1, height: 1, [1, 2, 3]).pngBytes(), to: "point.png")
        let result = try Tool.run("run", QuantizedModel.path(), point, "-o", out, "--size", "32x32")
        #expect(result.status == 0, "\(result.errors)")
        #expect(try LabelMap(contentsOf: out + "/point.png", classCount: 11).classes.count == 1)
    }

    @Test func otherKindsOfImagesAreSegmented() throws {
        func flat(_ type: PNGBuilder.ColorType, depth: UInt8 = 8, bytesPerPixel: Int) -> PNGBuilder {
            let row = [UInt8](repeating: 90, count: 32 * bytesPerPixel)
            return PNGBuilder(width: 32, height: 32, depth: depth, type: type, rows: Array(repeating: row, count: 32))
        }
        let images = [
            "gray.png": flat(.gray, bytesPerPixel: 1), "16bit.png": flat(.rgb, depth: 16, bytesPerPixel: 6),
            "alpha.png": flat(.rgbAlpha, bytesPerPixel: 4),
        ]
        for (name, png) in images { try folder.write(png.bytes, to: "in/\(name)") }
        try folder.write(JPEGSamples.adobeCMYK, to: "in/cmyk.jpg")
        let result = try Tool.run("run", QuantizedModel.path(), folder.path + "/in", "-o", out, "--size", "32x32")
        #expect(result.status == 0, "\(result.errors)")
        #expect(outputs().count == 8)
    }

    @Test func imagesOfOneNameAreRefusedBeforeAnyIsWritten() throws {
        let pixels = try RGBImage.gradient(width: 32, height: 32).pngBytes()
        let paths = try ["a/x.png", "b/x.jpg"].map { try folder.write(pixels, to: $0) }
        let result = try Tool.run("run", QuantizedModel.path(), paths[0], paths[1], "-o", out)
        #expect(result.status == 1)
        #expect(result.errors.hasPrefix("eseg: error: \(out)/x.png: found \(paths[0]) and \(paths[1]) to be written there"))
        #expect(outputs().isEmpty)
    }

    @Test func imagesAreNeverOverwritten() throws {
        let pixels = try RGBImage.gradient(width: 32, height: 32).pngBytes()
        let path = try folder.write(pixels, to: "x.png")
        let result = try Tool.run("run", QuantizedModel.path(), path, "-o", folder.path + "/./")
        #expect(result.status == 1 && result.errors.contains("expected an output folder where none is overwritten"))
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == Data(pixels))
    }

    @Test(arguments: ["/proc/eseg", "/dev/null/eseg"])
    func outputFoldersThatCannotBeMadeAreErrors(path: String) throws {
        let result = try Tool.run("run", QuantizedModel.path(), street, "-o", path)
        #expect(result.status == 1)
        #expect(result.errors.hasPrefix("eseg: error: \(path): output folder: found "))
    }

    @Test func aFullDiskLeavesNothingBehind() throws {
        guard let disk = SmallDisk(kilobytes: 16) else { return print("skipped: a file system of its own needs root and mount") }
        let result = try Tool.run("run", QuantizedModel.path(), street, "-o", disk.path + "/out")
        #expect(result.status == 1)
        #expect(result.errors.contains("No space left on device"), "\(result.errors)")
        #expect(try FileManager.default.contentsOfDirectory(atPath: disk.path + "/out").isEmpty, "a class map fits, its overlay does not")
    }

    @Test func namesTooLongForTheirOutputsAreErrorsBeforeAnyWork() throws {
        let name = String(repeating: "n", count: 248)
        let long = try folder.write(RGBImage.gradient(width: 48, height: 48).pngBytes(), to: name + ".png")
        let result = try Tool.run("run", try QuantizedModel.path(), street, long, "-o", out)
        #expect(result.status == 1)
        #expect(result.errors.contains("\(long): output's name: found 260 bytes, expected at most 255"), "\(result.errors)")
        #expect(outputs().isEmpty)
    }

    @Test func damagedModelsAreRefused() throws {
        var bytes = Array(try Data(contentsOf: URL(fileURLWithPath: QuantizedModel.path())))
        let cut = try folder.write(Array(bytes.dropLast(1000)), to: "cut.eseg")
        bytes[bytes.count / 2] ^= 4
        let flipped = try folder.write(bytes, to: "flipped.eseg")
        for path in [cut, flipped] {
            let result = try Tool.run("run", path, street, "-o", out)
            #expect(result.status == 1)
            #expect(result.errors.hasPrefix("eseg: error: \(path): checksum: found "), "\(result.errors)")
        }
        #expect(outputs().isEmpty)
    }
}
