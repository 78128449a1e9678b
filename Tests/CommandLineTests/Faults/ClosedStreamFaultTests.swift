import Foundation
import Testing

/// Standard streams that are closed when a command starts: what it opens takes no place of theirs, so that no message gets into a file.
@Suite(.serialized) struct ClosedStreamFaultTests {
    private static let streams = ["<&-", ">&-", "2>&-"]

    @Test(arguments: FaultedCommand.all)
    func closedStreamsLoseNothing(command: FaultedCommand) throws {
        guard let runs = try FaultedRuns(command) else { return print("skipped: needs clang") }
        for combination in areLongTestsAskedFor ? Array(1..<8) : [2, 5, 7] {
            let closed = Self.streams.indices.filter { combination >> $0 & 1 == 1 }.map { Self.streams[$0] }.joined(separator: " ")
            let ending = try runs.run(redirected: closed)
            #expect(ending.status == runs.usual.ending.status || ending.status == 1, "\(command.name): \(closed): \(ending.status)")
            if !closed.contains("2>&-"), ending.status == 1 {
                #expect(ending.errors.contains("eseg: error: standard "), "\(ending.errors)")
            }
            runs.expectOldOrWhole(ending, after: closed)
        }
    }

    /// Whoever reads what a command prints has gone.
    @Test(arguments: FaultedCommand.named("run", "inspect"))
    func aReaderThatHasGoneLosesNothing(command: FaultedCommand) throws {
        guard let runs = try FaultedRuns(command) else { return print("skipped: needs clang") }
        for (signals, status) in [("", -SIGPIPE), ("--ignore-signal=PIPE", 1)] {
            let starter = "env \(signals) bash -c 'sleep 0.1; exec timeout 60 \"$@\"' bash"
            let ending = try runs.run(by: starter, redirected: "> >(true)")
            #expect(ending.status == status, "\(command.name): \(ending.status): \(ending.errors)")
            if status == 1 { #expect(ending.errors == "eseg: error: standard output: Broken pipe\n") }
            runs.expectOldOrWhole(ending, after: "a closed pipe")
        }
    }
}
