import Testing

/// What happens to calls of every program, and is to change nothing: signals that interrupt them, and reads and writes of less than asked.
@Suite(.serialized) struct HarmlessFaultTests {
    @Test(arguments: FaultedCommand.all)
    func interruptedAndPartialCallsChangeNothing(command: FaultedCommand) throws {
        try FaultedRuns.inject(into: command, "harmless faults") {
            FaultSample.harmless(of: $0.counts)
        } expect: {
            $0.expectUsual($1, after: $2)
        }
    }

    /// As where another program cuts it short while it is read.
    @Test(arguments: FaultedCommand.unstreamed)
    func filesThatEndTooEarlyAreErrors(command: FaultedCommand) throws {
        try FaultedRuns.inject(into: command, "ends of files") {
            FaultSample.ends(of: $0.counts)
        } expect: {
            $0.expectNothingIsLost($1, after: $2)
        }
    }
}
