import Foundation
import TestSupport
import Testing

/// What a signal at any moment leaves: old files or new ones, and after SIGKILL at most temporary ones beside them.
///
/// `make test-long` kills a thousand times, `make test` a few.
@Suite(.serialized) struct KillTests {
    private static let kills = areLongTestsAskedFor ? 1000 / FaultedCommand.writing.count + 1 : 1

    @Test(arguments: FaultedCommand.writing)
    func filesAreTheOldOnesOrTheNew(command: FaultedCommand) throws {
        guard let runs = try FaultedRuns(command) else { return print("skipped: needs clang") }
        try killAtRandom(runs, by: ["KILL"], temporaries: 2)
    }

    @Test(arguments: FaultedCommand.writing)
    func soTheyAreWhereAUserEndsIt(command: FaultedCommand) throws {
        guard let runs = try FaultedRuns(command) else { return print("skipped: needs clang") }
        // The camera sends a second one, which ends a stream at once.
        try killAtRandom(runs, by: ["TERM", "INT", "HUP"], temporaries: command.name == "camera" ? 1 : 0)
    }

    private func killAtRandom(_ runs: FaultedRuns, by signals: [String], temporaries: Int) throws {
        var random = SplitMix(seed: 9), finished = 0
        for kill in 0..<Self.kills {
            // Half of the moments lie around the usual end, where files are written.
            let delay = Double.random(in: kill % 2 == 0 ? 0.001..<1.1 : 0.7..<1.1, using: &random) * runs.usual.seconds
            let signal = signals[kill % signals.count], moment = "\(signal) after \(delay) s"
            let ending = try runs.run(by: "timeout --foreground --preserve-status -s \(signal) \(delay)")
            runs.expectOldOrWhole(ending, after: moment) { $0.hasPrefix(".eseg-") && $0.hasSuffix(".tmp") }
            let others = Set(ending.files.keys).subtracting(runs.usual.ending.files.keys)
            #expect(others.count <= temporaries, "\(runs.command.name): \(moment): \(others)")
            if ending.status == runs.usual.ending.status { finished += 1 }
        }
        print("\(runs.command.name): \(Self.kills) times \(signals.joined(separator: ", ")), \(finished) after the end")
    }
}
