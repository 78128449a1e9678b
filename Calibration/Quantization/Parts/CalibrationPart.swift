import ESegNetwork

/// What calibration saw on some parts of a run's frames, and of which run they are: a statistics file.
public struct CalibrationPart: Sendable, Equatable {
    public private(set) var header: PartHeader
    public private(set) var statistics: CalibrationStatistics

    /// - Parameters:
    ///   - network: the prepared network that was observed, on `isa`.
    ///   - frameNames: of all frames of the run, in their order.
    public init(
        of network: FloatNetwork, isa: String, frameNames: [String], shard: Shard, statistics: CalibrationStatistics
    ) {
        header = Self.header(of: network, isa: isa, frameNames: frameNames, shard: shard, size: (statistics.width, statistics.height))
        self.statistics = statistics
    }

    /// What tells the parts of a run.
    public static func header(
        of network: FloatNetwork, isa: String, frameNames: [String], shard: Shard, size: (width: Int, height: Int)
    ) -> PartHeader {
        let run = ["network": network.fingerprint, "isa": isa, "size": "\(size.width)x\(size.height)"]
        return PartHeader(run: run, frameNames: frameNames, shard: shard)
    }

    /// Takes in the parts of another file. Throws if it is of another run, or has a part that is there already.
    public mutating func merge(_ other: CalibrationPart, from file: String, with first: String) throws {
        try header.merge(other.header, from: file, with: first)
        try statistics.merge(other.statistics)
    }
}

// Files
extension CalibrationPart {
    /// The `format` of statistics files.
    public static let format = "eseg-statistics"
    static let sealed = SealedFormat(name: format, version: "1")
    private static let runKeys: Set = ["network", "isa", "size"]

    /// Writes a statistics file, whole or not at all. Throws what the system reports.
    public func write(to path: String) throws(NetworkError) { try writer().write(as: Self.sealed, to: path) }

    func writer() throws(NetworkError) -> SafetensorsWriter {
        var writer = SafetensorsWriter()
        try header.write(to: &writer)
        let nodes = statistics.nodes, count = nodes.count
        try writer.add("channels", shape: [count], values: nodes.map { Int64($0.channels) })
        try writer.add("pixels", shape: [count], values: nodes.map { Int64($0.pixels) })
        let sums = [nodes.reduce(0) { $0 + $1.channels }, ExactSums.digits]
        try writer.add("sums", shape: sums, values: Array(nodes.map(\.sums.values).joined()))
        try writer.add("squares", shape: sums, values: Array(nodes.map(\.squares.values).joined()))
        try writer.add(nodes.map(\.output), "output")
        try writer.add(nodes.map(\.preactivation), "preactivation")
        return writer
    }

    /// Reads a statistics file and checks every value. Throws naming the file, the field, what was found and what was expected.
    public init(contentsOf path: String) throws(NetworkError) { try self.init(WholeFile(path)) }

    init(_ whole: WholeFile) throws(NetworkError) {
        let file = try Safetensors(sealed: whole, as: Self.sealed, keys: PartHeader.keys(Self.runKeys))
        header = try PartHeader(file, keys: Self.runKeys)
        try file.requireOnly([
            PartHeader.tensor, "channels", "pixels", "sums", "squares", "output.counts", "output.range", "preactivation.counts",
            "preactivation.range",
        ])
        let images = header.shards.frameCount(of: header.frames)
        statistics = try StatisticsReader(file, images: images).statistics()
    }
}

extension SafetensorsWriter {
    fileprivate mutating func add(_ histograms: [Histogram], _ name: String) throws(NetworkError) {
        let counts = histograms.flatMap { $0.counts.map { Int64(clamping: $0) } }
        try add(name + ".counts", shape: [histograms.count, Histogram.capacity], values: counts)
        try add(name + ".range", shape: [histograms.count, 2], values: histograms.flatMap { [$0.minimum, $0.maximum] })
    }
}

extension NodeStatistics {
    /// Whether values between the least and the greatest can have such means and mean squares, up to rounding.
    fileprivate var momentsAreWithinRange: Bool {
        let least = Double(output.minimum), greatest = Double(output.maximum), magnitude = max(-least, greatest)
        let slack = 1e-6 * magnitude
        return channelMeans.allSatisfy { $0 >= least - slack && $0 <= greatest + slack }
            && channelPowers.allSatisfy { $0 >= 0 && $0 <= (magnitude + slack) * (magnitude + slack) }
    }
}

/// Reads what calibration saw, each value checked against the others.
private struct StatisticsReader {
    let file: Safetensors
    let images: Int
    let size: (width: Int, height: Int)
    let channels: [Int]

    init(_ file: Safetensors, images: Int) throws(NetworkError) {
        self.file = file
        self.images = images
        let text = try file.text("size"), sides = text.split(separator: "x").compactMap { Int($0) }
        guard sides.count == 2, sides.allSatisfy(Graph.imageSides.contains), text == "\(sides[0])x\(sides[1])" else {
            throw file.metadataError("size", found: quoted(text), expected: "WxH, \(Graph.imageSides) each")
        }
        size = (sides[0], sides[1])
        let values = try file.values("channels", as: Int64.self)
        let most = Graph.Limits.channels.upperBound
        guard Graph.Limits.nodes.contains(values.count), values.first == 0, values.allSatisfy({ (0...Int64(most)).contains($0) }) else {
            throw file.error(
                "channels", "values", found: "\(values.prefix(8))", expected: "0 for the image, then 0...\(most) for each node")
        }
        channels = values.map(Int.init)
    }

    func statistics() throws(NetworkError) -> CalibrationStatistics {
        let pixels: [Int64] = try file.values("pixels", shape: [channels.count])
        let most = Int64(images) * Int64(size.width * size.height)
        for (node, (count, channels)) in zip(pixels, channels).enumerated() where !(channels == 0 ? count == 0 : (1...most).contains(count))
        {
            throw file.error(
                "pixels", "node \(node)", found: "\(count)", expected: channels == 0 ? "0, as nothing was seen" : "1...\(most)")
        }
        let sums = try exactSums("sums"), squares = try exactSums("squares")
        let outputs = try histograms("output"), preactivations = try histograms("preactivation")
        var nodes: [NodeStatistics] = []
        for node in channels.indices {
            let expected = UInt64(pixels[node]) * UInt64(channels[node])
            guard outputs[node].total == expected, [0, expected].contains(preactivations[node].total) else {
                throw file.error(
                    "output.counts", "node \(node)",
                    found: "\(outputs[node].total) values, \(preactivations[node].total) before activation", expected: "\(expected)")
            }
            let seen = NodeStatistics(
                output: outputs[node], preactivation: preactivations[node], pixels: Int(pixels[node]), sums: sums[node],
                squares: squares[node])
            guard seen.momentsAreWithinRange else {
                throw file.error("sums", "node \(node)", found: "means or mean squares out of its range", expected: "those of its values")
            }
            nodes.append(seen)
        }
        return CalibrationStatistics(images: images, height: size.height, width: size.width, nodes: nodes)
    }

    private func exactSums(_ name: String) throws(NetworkError) -> [ExactSums] {
        let total = channels.reduce(0, +)
        let values: [Int64] = try file.values(name, shape: [total, ExactSums.digits])
        var sums: [ExactSums] = []
        var begin = 0
        for count in channels {
            let digits = Array(values[begin..<begin + count * ExactSums.digits])
            guard let node = ExactSums(values: digits, channels: count) else {
                throw file.error(name, "node \(sums.count)", found: "digits out of range", expected: "32 bits each, the last signed")
            }
            sums.append(node)
            begin += digits.count
        }
        return sums
    }

    private func histograms(_ name: String) throws(NetworkError) -> [Histogram] {
        let counts: [Int64] = try file.values(name + ".counts", shape: [channels.count, Histogram.capacity])
        let ranges: [Float] = try file.values(name + ".range", shape: [channels.count, 2])
        var histograms: [Histogram] = []
        for node in channels.indices {
            let bins = counts[node * Histogram.capacity..<(node + 1) * Histogram.capacity]
            // Of at most a million images of 2^28 pixels and 2^14 channels.
            guard bins.allSatisfy({ (0...1 << 50).contains($0) }) else {
                throw file.error(name + ".counts", "node \(node)", found: "a count out of range", expected: "0...2^50")
            }
            let (least, greatest) = (ranges[2 * node], ranges[2 * node + 1])
            guard let histogram = Histogram(minimum: least, maximum: greatest, counts: bins.map { UInt64($0) }) else {
                throw file.error(
                    name + ".range", "node \(node)", found: "\(least)...\(greatest)",
                    expected: "a range with all counts and zero")
            }
            histograms.append(histogram)
        }
        return histograms
    }
}
