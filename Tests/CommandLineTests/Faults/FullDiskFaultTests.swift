import TestSupport
import Testing

/// A disk that is full after some bytes, the last of which are written by a call that was asked for more.
///
/// `make test-long` fills it after every byte of results of up to 1000 bytes, those of the clip, and of others around the end of every call
/// and after 100 random bytes.
@Suite(.serialized) struct FullDiskFaultTests {
    @Test(arguments: FaultedCommand.writing)
    func aFullDiskIsAnErrorAndNothingIsLost(command: FaultedCommand) throws {
        guard let runs = try FaultedRuns(command), let bytes = runs.usual.writes.last else { return print("skipped: needs clang") }
        // What holds times is some bytes longer or shorter each time.
        let size = command.isTimed ? bytes * 9 / 10 : bytes
        let ends = Self.ends(size, writes: runs.usual.writes)
        for end in ends {
            let ending = try runs.run("ESEG_FAULT_DISK=\(end)")
            runs.expectNothingIsLost(ending, after: "full after \(end) bytes")
            #expect(ending.status > 0 && ending.errors.contains("No space left on device"), "\(command.name): \(end): \(ending.errors)")
        }
        if !command.isTimed { runs.expectUsual(try runs.run("ESEG_FAULT_DISK=\(size)"), after: "full after all bytes") }
        print("\(command.name): \(ends.count) full disks")
    }

    private static func ends(_ size: Int, writes: [Int]) -> [Int] {
        guard areLongTestsAskedFor else { return [size / 2, size - 1] }
        guard size > 1000 else { return Array(0..<size) }
        var random = SplitMix(seed: 6)
        let borders = [0] + writes.flatMap { [$0 - 1, $0, $0 + 1] }
        let others = (0..<100).map { _ in Int.random(in: 0..<size, using: &random) }
        return Set(borders + others).filter { (0..<size).contains($0) }.sorted()
    }
}
