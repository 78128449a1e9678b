import Foundation
import TestSupport
import Testing

/// A folder keeps the newest files of a stream, and nothing that is not the program's is removed.
@Suite struct FrameRetentionTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// Segments so many frames into the folder `maps`.
    private func run(_ frames: Int, _ options: String) throws -> Tool.Result {
        let script = "head -c \(frames * 32 * 32 * 3) /dev/zero | \"$0\" run $1 - --raw 32x32:rgb24 --every-frame -o $2/maps \(options)"
        return try Tool.run(["-c", script, Tool.path, ServiceModels.second, folder.path], program: "/bin/bash")
    }

    private var files: [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path + "/maps")) ?? []
        return names.filter { $0 != ".eseg-frames" }.sorted()
    }

    @Test func theNewestAreKeptAndCountedOn() throws {
        #expect(try run(7, "--keep 3").status == 0)
        #expect(files == ["000005.png", "000006.png", "000007.png"])
        #expect(try run(2, "--keep 3").status == 0)
        #expect(files == ["000007.png", "000008.png", "000009.png"])
        #expect(try run(1, "--keep 1").status == 0)
        #expect(files == ["000010.png"])
    }

    @Test func mapsOfDoubtAreKeptWithTheirs() throws {
        #expect(try run(5, "--keep 2 --doubt").status == 0)
        #expect(files == ["000004-doubt.png", "000004.png", "000005-doubt.png", "000005.png"])
        #expect(try run(1, "--keep 2 --doubt").status == 0)
        #expect(files == ["000005-doubt.png", "000005.png", "000006-doubt.png", "000006.png"])
    }

    @Test(arguments: ["rle", "polygons"])
    func filesCanBeLinesOfJSON(format: String) throws {
        #expect(try run(3, "--keep 2 --format \(format)").status == 0)
        #expect(files == ["000002.json", "000003.json"])
        let line = try Data(contentsOf: URL(fileURLWithPath: folder.path + "/maps/000003.json"))
        let frame = try #require(try JSONSerialization.jsonObject(with: line) as? [String: Any])
        #expect(frame["frame"] as? Int == 3 && frame["size"] as? [Int] == [32, 32])
    }

    @Test func othersFilesAreLeft() throws {
        try folder.write([1], to: "maps/000001.png")
        let result = try run(2, "--keep 1")
        #expect(result.status == 1 && result.output.isEmpty)
        #expect(result.errors.contains("maps/000001.png: found a file that no earlier run left to be removed, expected an empty folder"))
        #expect(files == ["000001.png"])
    }

    @Test func onlyNumberedFilesAndUnfinishedOnesAreRemoved() throws {
        #expect(try run(3, "--keep 3").status == 0)
        let others = [".eseg-999.tmp", "000001.png.old", "0000002.png", "1.png", "a000001.png", "notes.txt", "١٢٣٤٥٦.png"]
        for name in others { try folder.write([1], to: "maps/" + name) }
        #expect(try run(3, "--keep 1").status == 0)
        #expect(files == (others.dropFirst() + ["000006.png"]).sorted())
    }

    @Test(arguments: [
        (["--keep", "0"], "--keep: found 0, expected 1 to 1000000."), (["--keep", "-5"], "--keep: found -5"),
        (["--format", "gif"], "The value 'gif' is invalid for '--format <format>'"),
    ])
    func wrongUsageIsExplained(options: [String], reason: String) throws {
        let result = try Tool.run(["run", "m.eseg", "-", "-o", "out"] + options)
        #expect(result.status == 64 && result.errors.contains(reason), "\(result.errors)")
        let unused = try Tool.run(["run", "m.eseg", "-", "--stdout", "raw", options[0], options[0] == "--keep" ? "1" : "rle"])
        #expect(unused.status == 64 && unused.errors.contains("\(options[0]): found without --output"), "\(unused.errors)")
    }
}
