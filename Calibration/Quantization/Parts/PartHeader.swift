import ESegNetwork

/// Which parts of which run a file holds.
public struct PartHeader: Sendable, Equatable {
    /// What all parts of one run have in common, by the names that files give it.
    public let run: [String: String]
    /// The frames of the whole run.
    public let frames: Int
    public private(set) var shards: Shards

    /// - Parameter names: of the run's frames, in their order.
    public init(run: [String: String], frameNames: [String], shard: Shard) {
        self.run = run.merging(["frame_names": Fingerprint.of(frameNames), "tool": "eseg \(Quantizer.version)"]) { $1 }
        frames = frameNames.count
        shards = Shards(shard)
    }

    /// In a few words: "3 of 16 parts, 60 of 320 frames; missing 4-16".
    public var summary: String {
        let missing = shards.missing
        return "\(shards.indices.count) of \(shards.count) parts, \(shards.frameCount(of: frames)) of \(frames) frames"
            + (missing.isEmpty ? "" : "; missing \(Shards.text(missing))")
    }

    /// Takes in the parts of another file. Throws if it is of another run or has a part that is there already.
    package mutating func merge(_ other: PartHeader, from file: String, with first: String) throws(NetworkError) {
        try require(other, file: file, like: first)
        guard other.shards.count == shards.count else {
            throw NetworkError(
                file: file, field: "shard_count", found: "\(other.shards.count)", expected: "\(shards.count), as in \(first)")
        }
        let common = shards.common(other.shards)
        guard common.isEmpty else {
            throw NetworkError(
                file: file, field: "shards", found: "\(Shards.text(common)), which the files before it hold", expected: "each part once")
        }
        shards.formUnion(other.shards)
    }

    /// Throws unless another file's parts are of this run.
    public func require(_ other: PartHeader, file: String, like first: String) throws(NetworkError) {
        for (key, value) in run.sorted(by: { $0.key < $1.key }) where other.run[key] != value {
            let hint = key == "isa" ? "; --isa makes machines compute the same" : ""
            throw NetworkError(file: file, field: key, found: other.run[key] ?? "nothing", expected: "\(value), as in \(first)\(hint)")
        }
        guard other.frames == frames else {
            throw NetworkError(file: file, field: "frames", found: "\(other.frames)", expected: "\(frames), as in \(first)")
        }
    }

    /// Throws, naming those that are missing, unless all parts are there.
    public func requireAll(file: String) throws(NetworkError) {
        let missing = shards.missing
        guard missing.isEmpty else {
            throw NetworkError(
                file: file, field: "shards", found: "\(shards.indices.count) of \(shards.count), without \(Shards.text(missing))",
                expected: "all \(shards.count)")
        }
    }
}

// Files
extension PartHeader {
    package static let tensor = "shards"
    private static let keys: Set = ["frame_names", "tool", "frames", "shard_count"]

    /// What a file's metadata has, with the run's own `keys`.
    package static func keys(_ keys: Set<String>) -> Set<String> { keys.union(Self.keys) }

    package func write(to writer: inout SafetensorsWriter) throws(NetworkError) {
        writer.metadata.merge(run) { $1 }
        writer.metadata.merge(["frames": "\(frames)", "shard_count": "\(shards.count)"]) { $1 }
        try writer.add(Self.tensor, shape: [shards.indices.count], values: shards.indices.map(Int64.init))
    }

    /// - Parameter keys: the run's own.
    package init(_ file: Safetensors, keys: Set<String>) throws(NetworkError) {
        run = file.metadata.filter { keys.union(["frame_names", "tool"]).contains($0.key) }
        frames = try file.integer("frames", in: Shard.counts)
        let count = try file.integer("shard_count", in: 1...frames)
        let indices = try file.values(Self.tensor, as: Int64.self)
        guard let shards = Shards(count: count, indices: indices.map(Int.init)) else {
            throw file.error(Self.tensor, "values", found: "\(indices.prefix(8))", expected: "rising numbers in 1...\(count)")
        }
        self.shards = shards
    }
}
