import Testing

/// What happens to calls of every program, and is to change nothing: signals that interrupt them, and reads and writes of less than asked.
@Suite(.serialized) struct HarmlessFaultTests {
    @Test(arguments: FaultedCommand.all)
    func interruptedAndPartialCallsChangeNothing(command: FaultedCommand) throws {
        guard let runs = try FaultedRuns(command) else { return print("skipped: needs clang") }
        let faults = FaultSample.harmless(of: runs.usual.counts)
        for fault in faults { runs.expectUsual(try runs.run("ESEG_FAULT=\(fault)"), after: fault) }
        print("\(command.name): \(faults.count) harmless faults")
    }

    /// As where another program cuts it short while it is read.
    @Test(arguments: FaultedCommand.unstreamed)
    func filesThatEndTooEarlyAreErrors(command: FaultedCommand) throws {
        guard let runs = try FaultedRuns(command) else { return print("skipped: needs clang") }
        let reads = runs.usual.counts.first { $0.call == "read" }?.count ?? 0
        let ends = areLongTestsAskedFor ? Array(1...reads) : [reads]
        for read in ends { runs.expectNothingIsLost(try runs.run("ESEG_FAULT=read:\(read):end"), after: "end at read \(read)") }
        print("\(command.name): \(ends.count) ends of files")
    }
}
