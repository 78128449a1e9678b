extension QuantizedNetwork {
    static let format = "eseg"
    /// Versions that can be read; the last is written. The first says nothing of precisions; the first two describe any network by an ESeg's
    /// config, and have operators of ESeg's own.
    enum Version: String, CaseIterable { case first = "1", precisions = "2", general = "3" }

    /// Writes an `.eseg` file, whole or not at all. Throws if the network is not valid, or what the system reports.
    public func write(to path: String) throws(NetworkError) {
        try SafetensorsWriter.write(pieces(file: path), to: path)
    }

    /// The file's bytes, sealed with their checksum: the header, then each tensor's.
    func pieces(file: String) throws(NetworkError) -> [[UInt8]] {
        try validate(file: file)
        var metadata = [
            "format": Self.format, "version": Version.general.rawValue, "network": description.json.text,
            "graph": JSONValue.array(nodes).text, "calibration": JSONValue(sorted: provenance).text, Checksum.key: Checksum.placeholder,
        ]
        metadata["config"] = familyConfig?.text
        var writer = SafetensorsWriter(metadata: metadata)
        for (node, layer) in zip(graph.nodes, layers) { try layer.described.addTensors(to: &writer, of: node) }
        for (node, scaling) in zip(graph.nodes, channelScalings) { try writer.add(scaling, of: node) }
        var pieces = writer.pieces()
        try Checksum.seal(&pieces, file: file)
        return pieces
    }

    private var nodes: [JSONValue] {
        graph.nodes.indices.map { index in
            let quantized = outputs[index].members + layers[index].described.members
            return .object(graph.nodes[index].members + quantized + (records[index]?.members ?? []))
        }
    }
}

extension JSONValue {
    fileprivate init(sorted strings: [String: String]) {
        self = .object(strings.sorted { $0.key < $1.key }.map { Member(key: $0.key, value: .string($0.value)) })
    }
}

extension Quantization {
    fileprivate var members: [JSONValue.Member] {
        [
            JSONValue.Member(key: "scale", value: JSONValue(scale)),
            JSONValue.Member(key: "zero_point", value: .integer(Int(zeroPoint))),
            JSONValue.Member(key: "precision", value: .string(precision.rawValue)),
        ]
    }
}

extension SafetensorsWriter {
    fileprivate mutating func add(_ scaling: ChannelScaling, of node: Node) throws(NetworkError) {
        let channels = [node.channels]
        if scaling.factors.contains(where: { $0 != 1 }) {
            try add(node.name + ".channel_factor", shape: channels, values: scaling.factors)
        }
        if scaling.offsets.contains(where: { $0 != 0 }) {
            try add(node.name + ".channel_offset", shape: channels, values: scaling.offsets)
        }
    }
}

extension Operation {
    /// The shape of a convolution's or depthwise convolution's weights; empty for any other operation.
    var weightShape: [Int] { parameters.first { $0.suffix == "weight" }?.shape ?? [] }
}
