/// One of `count` parts that a run's frames are divided into, written "3/16": every 16th frame, from the third on.
public struct Shard: Sendable, Equatable, CustomStringConvertible {
    /// The part's number, in 1...count.
    public let index: Int
    public let count: Int

    /// A run that is not divided.
    public static let whole = Shard(index: 1, count: 1)

    /// How many parts a run may have.
    public static let counts = 1...1_000_000

    private init(index: Int, count: Int) { (self.index, self.count) = (index, count) }

    /// nil unless the text is K/N with K in 1...N.
    public init?(_ text: String) {
        let numbers = text.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
        guard numbers.count == 2, let index = numbers[0], let count = numbers[1], Shard.counts.contains(count), (1...count).contains(index)
        else { return nil }
        (self.index, self.count) = (index, count)
    }

    /// Which of that many frames are its own, rising.
    public func frames(of total: Int) -> [Int] { Array(stride(from: index - 1, to: total, by: count)) }

    public var description: String { "\(index)/\(count)" }
}

/// Those parts of a run that something holds.
public struct Shards: Sendable, Equatable {
    public let count: Int
    /// Rising, each in 1...count.
    public private(set) var indices: [Int]

    public init(_ shard: Shard) { (count, indices) = (shard.count, [shard.index]) }

    /// nil unless the indices rise within 1...count, of which there is at least one.
    init?(count: Int, indices: [Int]) {
        guard Shard.counts.contains(count), let first = indices.first, first >= 1, let last = indices.last, last <= count,
            zip(indices, indices.dropFirst()).allSatisfy({ $0 < $1 })
        else { return nil }
        (self.count, self.indices) = (count, indices)
    }

    public var missing: [Int] {
        let held = Set(indices)
        return (1...count).filter { !held.contains($0) }
    }

    /// How many of that many frames they hold.
    func frameCount(of total: Int) -> Int {
        indices.reduce(0) { $0 + ($1 > total ? 0 : (total - $1) / count + 1) }
    }

    /// Which of that many frames they hold, rising.
    package func frames(of total: Int) -> [Int] { indices.flatMap { stride(from: $0 - 1, to: total, by: count) }.sorted() }

    /// What both hold.
    func common(_ other: Shards) -> [Int] {
        let held = Set(indices)
        return other.indices.filter(held.contains)
    }

    mutating func formUnion(_ other: Shards) { indices = Set(indices).union(other.indices).sorted() }

    /// Numbers in a few words: "2, 5-7".
    static func text(_ indices: [Int]) -> String {
        var ranges: [ClosedRange<Int>] = []
        for index in indices {
            if let last = ranges.last, last.upperBound == index - 1 {
                ranges[ranges.count - 1] = last.lowerBound...index
            } else {
                ranges.append(index...index)
            }
        }
        let shown = ranges.prefix(20).map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)-\($0.upperBound)" }
        return shown.joined(separator: ", ") + (ranges.count > shown.count ? " and more" : "")
    }
}
