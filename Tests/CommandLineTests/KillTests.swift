import Foundation
import TestSupport
import Testing

/// What a kill at any moment leaves: the old file or the new one, and at most a temporary file beside it.
///
/// `make test-long` kills a thousand times, `make test` a few.
@Suite struct KillTests {
    private static let kills = areLongTestsAskedFor ? 1000 : 8

    @Test func aFileIsTheOldOneOrTheNew() throws {
        let folder = try TemporaryFolder(), path = folder.path + "/model.eseg"
        let options = ["--calibrate", Tool.calibrationFrames, "--images", "1", "--size", "32x32", "--effort", "fast", "--threads", "1"]
        let start = Date()
        #expect(try Tool.run(["quantize", Tool.weights] + options + ["-o", path]).status == 0)
        let whole = try Data(contentsOf: URL(fileURLWithPath: path)), usual = Date().timeIntervalSince(start), old = Data("old".utf8)
        var random = SplitMix(seed: 9), finished = 0
        for kill in 0..<Self.kills {
            try old.write(to: URL(fileURLWithPath: path))
            // Half of the moments lie around the usual end, where the file is written.
            let delay = Double.random(in: kill % 2 == 0 ? 0..<1.1 : 0.8..<1.1, using: &random) * usual
            let result = try Tool.run(
                ["-s", "KILL", "\(delay)", Tool.path, "quantize", Tool.weights] + options + ["-o", path], program: "/usr/bin/timeout")
            let left = try Data(contentsOf: URL(fileURLWithPath: path))
            #expect(left == whole || (result.status != 0 && left == old), "after \(delay) s")
            let others = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0 != "model.eseg" }
            #expect(others.allSatisfy { $0.hasPrefix(".eseg-") && $0.hasSuffix(".tmp") } && others.count <= 1, "\(others)")
            for name in others { try FileManager.default.removeItem(atPath: folder.path + "/" + name) }
            if left == whole { finished += 1 }
        }
        print("\(Self.kills) kills, \(finished) of them after the new file was there")
    }
}
