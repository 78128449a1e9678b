import ESegImaging
import ESegRuntime
import Foundation
import TestSupport
import Testing

@Suite struct DemoTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private var out: String { folder.path + "/out" }

    @Test func segmentsTheSourceTreesFrames() throws {
        let result = try Tool.run("demo", "-o", out, "--threads", "2")
        #expect(result.status == 0, "\(result.errors)")
        let lines = result.output.split(separator: "\n")
        #expect(lines.count == 5)
        #expect(lines.first?.hasPrefix("\(Tool.package)/Models/eseg-edge.eseg: 11 classes, ") == true)
        #expect(lines.dropFirst().first?.hasPrefix("000376.jpg  480x360  ") == true)
        let names = try FileManager.default.contentsOfDirectory(atPath: out).sorted()
        #expect(names == ["000376-overlay.png", "000377-overlay.png"])
        for name in names { #expect(try RGBImage(contentsOf: out + "/" + name).width == 480) }
    }

    @Test func installedFilesAreThoseInShareBesideTheProgramsFolder() throws {
        let program = try installedProgram()
        for name in ["Models", "Samples"] {
            try FileManager.default.createSymbolicLink(
                atPath: folder.makeFolder("share/eseg") + "/" + name, withDestinationPath: Tool.package + "/" + name)
        }
        let result = try Tool.run(["demo", "-o", out], program: program)
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.output.hasPrefix("\(folder.path)/share/eseg/Models/eseg-edge.eseg: "))
    }

    @Test func filesThatAreNotThereAreAnError() throws {
        let result = try Tool.run(["demo", "-o", out], program: installedProgram())
        #expect(result.status == 1)
        #expect(result.errors.hasPrefix("eseg: error: files that come with eseg: found none in \(folder.path)/share/eseg, expected "))
        #expect(!FileManager.default.fileExists(atPath: out))
    }

    @Test func anotherFolderOfFilesCanBeNamed() throws {
        #expect(try Tool.run("demo", "-o", out, "--share", Tool.package).status == 0)
        let result = try Tool.run("demo", "-o", out, "--share", folder.path)
        #expect(result.status == 1)
        #expect(
            result.errors == "eseg: error: \(folder.path): files that come with eseg: found no Models/eseg-edge.eseg, expected it there\n")
    }

    private func installedProgram() throws -> String {
        let path = try folder.makeFolder("bin") + "/eseg"
        try FileManager.default.copyItem(atPath: Tool.path, toPath: path)
        return path
    }
}
