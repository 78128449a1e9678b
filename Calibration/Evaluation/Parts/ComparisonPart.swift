import ESegNetwork
import Quantization

/// A comparison's counts on some parts of its frames, and of which run they are: a comparison file.
public struct ComparisonPart: Sendable, Equatable {
    public private(set) var header: PartHeader
    public private(set) var tally: ComparisonTally
    /// The files' names, for a report.
    public let names: Names
    /// That the parts ran with, rising.
    public private(set) var threads: [Int]

    public struct Names: Sendable, Equatable {
        public let weights: String
        public let model: String
        public let dataset: String

        public init(weights: String, model: String, dataset: String) {
            (self.weights, self.model, self.dataset) = (weights, model, dataset)
        }
    }

    public var classNames: [String] { tally.classNames }

    /// - Parameters:
    ///   - model: fingerprint of the `.eseg` file.
    ///   - size: to which frames are resized, in words.
    ///   - frameNames: of all frames of the run, in their order.
    public init(
        of float: FloatNetwork, model: String, isa: String, size: String, frameNames: [String], shard: Shard, names: Names, threads: Int,
        tally: ComparisonTally
    ) {
        header = PartHeader(
            run: ["network": float.fingerprint, "model": model, "isa": isa, "size": size], frameNames: frameNames, shard: shard)
        (self.tally, self.names, self.threads) = (tally, names, [threads])
    }

    /// Takes in the parts of another file. Throws if it is of another run, or has a part that is there already.
    public mutating func merge(_ other: ComparisonPart, from file: String, with first: String) throws(NetworkError) {
        let lists = [("class", other.tally.classNames, tally.classNames), ("layer", other.tally.layerNames, tally.layerNames)]
        for (field, found, expected) in lists where found != expected {
            let index = zip(found, expected).prefix { $0 == $1 }.reduce(0) { count, _ in count + 1 }
            func name(_ names: [String]) -> String { index < names.count ? names[index] : "none" }
            throw NetworkError(file: file, field: "\(field) \(index)", found: name(found), expected: "\(name(expected)), as in \(first)")
        }
        try header.merge(other.header, from: file, with: first)
        tally.merge(other.tally)
        threads = Set(threads).union(other.threads).sorted()
    }
}

// Files
extension ComparisonPart {
    /// The `format` of comparison files.
    public static let format = "eseg-comparison"
    static let sealed = SealedFormat(name: format, version: "2")
    private static let runKeys: Set = ["network", "model", "isa", "size"]

    /// Writes a comparison file, whole or not at all. Throws what the system reports.
    public func write(to path: String) throws(NetworkError) { try writer().write(as: Self.sealed, to: path) }

    func writer() throws(NetworkError) -> SafetensorsWriter {
        var writer = SafetensorsWriter(metadata: [
            "classes": JSONValue(texts: tally.classNames).text, "layers": JSONValue(texts: tally.layerNames).text,
            "names": JSONValue(texts: [names.weights, names.model, names.dataset]).text,
        ])
        try header.write(to: &writer)
        try writer.add("threads", shape: [threads.count], values: threads.map(Int64.init))
        try writer.add(tally)
        return writer
    }

    /// Reads a comparison file and checks every value. Throws naming the file, the field, what was found and what was expected.
    public init(contentsOf path: String) throws(NetworkError) { try self.init(WholeFile(path)) }

    init(_ whole: WholeFile) throws(NetworkError) {
        let file = try Safetensors(
            sealed: whole, as: Self.sealed, keys: PartHeader.keys(Self.runKeys).union(["classes", "layers", "names"]))
        header = try PartHeader(file, keys: Self.runKeys)
        try file.requireOnly(TallyReader.tensors(of: file).union([PartHeader.tensor, "threads"]))
        let texts = try file.texts("names", count: 3...3)
        names = Names(weights: texts[0], model: texts[1], dataset: texts[2])
        let threads = try file.values("threads", as: Int64.self)
        guard !threads.isEmpty, threads.count <= 4096, threads.allSatisfy({ (1...4096).contains($0) }) else {
            throw file.error("threads", "values", found: "\(threads.prefix(8))", expected: "numbers in 1...4096")
        }
        self.threads = Set(threads.map(Int.init)).sorted()
        tally = try TallyReader(file, header).tally()
    }
}

extension JSONValue {
    fileprivate init(texts: [String]) { self = .array(texts.map(JSONValue.string)) }
}

extension SafetensorsWriter {
    fileprivate mutating func add(_ tally: ComparisonTally) throws(NetworkError) {
        let (frames, inspected, classes) = (tally.frames, tally.inspected, tally.classNames.count)
        let names = Array(JSONValue(texts: frames.map(\.summary.name)).text.utf8)
        try add("frame.names", shape: [names.count], values: names)
        try add(
            "frame.counts", shape: [frames.count, 3],
            values: frames.flatMap { [Int64($0.index), Int64($0.summary.pixels), Int64($0.summary.flippedPixels)] })
        let doubts = frames.compactMap(\.summary.doubt)
        if doubts.count == frames.count {
            try add("frame.doubt", shape: [frames.count, 2], values: doubts.flatMap { [Int64($0.pixels), Int64($0.flips)] })
        }
        try add("frame.milliseconds", shape: [frames.count, 2], values: frames.flatMap { [$0.floatMs, $0.int8Ms] })
        let matrices = [tally.float.all, tally.float.boundary, tally.int8.all, tally.int8.boundary]
        try add("confusion", shape: [4, classes, classes + 1], values: matrices.flatMap { $0.counts.map(Int64.init) })
        try add("label.counts", shape: [2], values: [Int64(tally.labels.frames), Int64(tally.labels.known)])
        try add("label.unknown", shape: [256], values: tally.labels.unknown.map(Int64.init))
        try add("peak_bytes", shape: [2], values: [Int64(tally.float.peakBytes), Int64(tally.int8.peakBytes)])
        try add("inspected", shape: [inspected.count], values: inspected.map { Int64($0.index) })
        let shape = [inspected.count, tally.layerNames.count]
        try add("layer.signal", shape: shape, values: inspected.flatMap { $0.layers.map(\.signal) })
        try add("layer.noise", shape: shape, values: inspected.flatMap { $0.layers.map(\.noise) })
        try add("layer.is_empty", shape: shape, values: inspected.flatMap { $0.layers.map { $0.isEmpty ? UInt8(1) : 0 } })
    }
}
