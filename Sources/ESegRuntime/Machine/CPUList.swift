import Kernels

/// A set of CPUs by number, written as Linux and `taskset -c` write it: "0,2,4-7".
public struct CPUList: Sendable, Hashable, CustomStringConvertible {
    /// The CPUs' numbers in rising order, without repetition.
    public let cpus: [Int]

    public init(_ cpus: some Sequence<Int>) { self.cpus = Set(cpus).sorted() }

    /// Reads a list. Throws `RuntimeError.cpus` where it is empty or not a list, or a number is too large for a CPU's.
    public init(_ text: String) throws(RuntimeError) {
        var cpus: [Int] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let ends = part.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false).map(CPUList.number)
            guard let first = ends[0], let last = ends[ends.count - 1], first <= last else {
                throw RuntimeError.cpus(found: "\"\(text)\"", expected: "CPUs by number, such as 0,2,4-7")
            }
            cpus += first...last
        }
        self.init(cpus)
    }

    /// Digits alone, below the count of CPUs that Linux can number.
    private static func number(_ digits: Substring) -> Int? {
        guard digits.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else { return nil }
        return Int(digits).flatMap { $0 < Int(ESEG_MAX_CPUS) ? $0 : nil }
    }

    public var description: String {
        var ranges: [ClosedRange<Int>] = []
        for cpu in cpus {
            if let last = ranges.last, last.upperBound == cpu - 1 {
                ranges[ranges.count - 1] = last.lowerBound...cpu
            } else {
                ranges.append(cpu...cpu)
            }
        }
        return ranges.map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)-\($0.upperBound)" }.joined(separator: ",")
    }
}
