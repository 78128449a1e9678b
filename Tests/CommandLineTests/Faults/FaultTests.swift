import Testing

/// What `eseg` does when the system refuses what it asks for: a run ends as without the fault, or with a status above 0 and a message, and
/// leaves only whole files, the old ones or the new.
///
/// `make test-long` makes every call fail, and 200 pairs of them; `make test` the first and the last of each function.
@Suite(.serialized) struct FaultTests {
    @Test(arguments: FaultedCommand.all)
    func noCallThatFailsLosesAnything(command: FaultedCommand) throws {
        try FaultedRuns.inject(into: command, "faults") {
            FaultSample.failures(of: $0.counts)
        } expect: {
            $0.expectNothingIsLost($1, after: $2)
        }
    }

    @Test(arguments: FaultedCommand.all)
    func noPairOfThemDoes(command: FaultedCommand) throws {
        let count = areLongTestsAskedFor ? 200 : 1
        try FaultedRuns.inject(into: command, "pairs of faults") {
            FaultSample.pairs(count, of: $0.counts)
        } expect: {
            $0.expectNothingIsLost($1, after: $2)
        }
    }

    /// One that could be had a moment before, when it was tried.
    @Test(arguments: FaultedCommand.named("quantize", "run"))
    func aThreadThatOpenMPIsRefusedIsAnError(command: FaultedCommand) throws {
        guard let runs = try FaultedRuns(command) else { return print("skipped: needs clang") }
        let endings = try (2...4).map { try runs.run("ESEG_FAULT=pthread_create:\($0)") }
        #expect(endings.contains { $0.status == 1 && $0.errors.contains("OMP: Error #34") && $0.errors.contains("eseg: error: threads: ") })
    }
}
