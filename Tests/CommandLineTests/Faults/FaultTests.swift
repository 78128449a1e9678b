import Testing

/// What `eseg` does when the system refuses what it asks for: a run ends as without the fault, or with a status above 0 and a message, and
/// leaves only whole files, the old ones or the new.
///
/// `make test-long` makes every call fail, and 200 pairs of them; `make test` the first and the last of each function.
@Suite(.serialized) struct FaultTests {
    @Test(arguments: FaultedCommand.all)
    func noCallThatFailsLosesAnything(command: FaultedCommand) throws {
        guard let runs = try FaultedRuns(command) else { return print("skipped: needs clang") }
        let faults = FaultSample.failures(of: runs.usual.counts)
        for fault in faults { runs.expectNothingIsLost(try runs.run("ESEG_FAULT=\(fault)"), after: fault) }
        print("\(command.name): \(faults.count) faults")
    }

    @Test(arguments: FaultedCommand.all)
    func noPairOfThemDoes(command: FaultedCommand) throws {
        guard let runs = try FaultedRuns(command) else { return print("skipped: needs clang") }
        let pairs = FaultSample.pairs(areLongTestsAskedFor ? 200 : 1, of: runs.usual.counts)
        for pair in pairs { runs.expectNothingIsLost(try runs.run("ESEG_FAULT=\(pair)"), after: pair) }
        print("\(command.name): \(pairs.count) pairs of faults")
    }

    /// One that could be had a moment before, when it was tried.
    @Test(arguments: FaultedCommand.named("quantize", "run"))
    func aThreadThatOpenMPIsRefusedIsAnError(command: FaultedCommand) throws {
        guard let runs = try FaultedRuns(command) else { return print("skipped: needs clang") }
        let endings = try (2...4).map { try runs.run("ESEG_FAULT=pthread_create:\($0)") }
        #expect(endings.contains { $0.status == 1 && $0.errors.contains("OMP: Error #34") && $0.errors.contains("eseg: error: threads: ") })
    }
}
