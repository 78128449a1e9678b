import TestSupport

/// Which of the many faults that there could be are injected: all where long tests are asked for, or so many that they take minutes.
enum FaultSample {
    /// Of the calls of each function, all that fail alone and from then on; in short tests the first from then on, and the last alone.
    static func failures(of calls: [(call: String, count: Int)]) -> [String] {
        calls.flatMap { (call, count) -> [String] in
            guard areLongTestsAskedFor else { return ["\(call):1:on"] + (count > 1 ? ["\(call):\(count)"] : []) }
            return (1...count).flatMap { ["\(call):\($0)", "\(call):\($0):on"] }
        }
    }

    /// So many pairs of random ones.
    static func pairs(_ count: Int, of calls: [(call: String, count: Int)]) -> [String] {
        var random = SplitMix(seed: 5)
        func failure() -> String {
            let (call, count) = calls[Int.random(in: 0..<calls.count, using: &random)]
            return "\(call):\(Int.random(in: 1...count, using: &random))" + (Bool.random(using: &random) ? ":on" : "")
        }
        return (0..<count).map { _ in "\(failure()),\(failure())" }
    }

    /// Files that end at each read; in short tests at the last.
    static func ends(of calls: [(call: String, count: Int)]) -> [String] {
        let reads = calls.first { $0.call == "read" }?.count ?? 0
        return (areLongTestsAskedFor ? Array(1...reads) : [reads]).map { "read:\($0):end" }
    }

    /// What of each call changes nothing, alone and from the first call on; in short tests the latter.
    static func harmless(of calls: [(call: String, count: Int)]) -> [String] {
        calls.flatMap { (call, count) -> [String] in
            let kinds = ["read": ["signal", "short"], "write": ["signal", "short"], "ioctl": ["signal"]][call] ?? []
            return kinds.flatMap { kind -> [String] in
                ["\(call):1:\(kind):on"] + (areLongTestsAskedFor ? (1...count).map { "\(call):\($0):\(kind)" } : [])
            }
        }
    }
}
