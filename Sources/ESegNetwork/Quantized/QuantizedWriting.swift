extension QuantizedNetwork {
    static let format = "eseg"
    /// Versions that can be read; the last is written. The first says nothing of precisions, and the first two have operators of ESeg's own.
    enum Version: String, CaseIterable { case first = "1", precisions = "2", operators = "3" }

    /// Writes an `.eseg` file, whole or not at all. Throws if the network is not valid, or what the system reports.
    public func write(to path: String) throws(NetworkError) {
        try SafetensorsWriter.write(pieces(file: path), to: path)
    }

    /// The file's bytes, sealed with their checksum: the header, then each tensor's.
    func pieces(file: String) throws(NetworkError) -> [[UInt8]] {
        try validate(file: file)
        var writer = SafetensorsWriter(metadata: [
            "format": Self.format, "version": Version.operators.rawValue, "config": config.json.text,
            "classes": JSONValue.array(classNames.map(JSONValue.string)).text, "graph": JSONValue.array(nodes).text,
            "calibration": JSONValue(sorted: provenance).text, Checksum.key: Checksum.placeholder,
        ])
        for (node, layer) in zip(graph.nodes, layers) { try writer.add(layer, of: node) }
        for (node, scaling) in zip(graph.nodes, channelScalings) { try writer.add(scaling, of: node) }
        var pieces = writer.pieces()
        try Checksum.seal(&pieces, file: file)
        return pieces
    }

    private var nodes: [JSONValue] {
        graph.nodes.indices.map { index in
            let quantized = outputs[index].members + layers[index].members
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

extension QuantizedLayer {
    /// What of a layer is not a tensor.
    fileprivate var members: [JSONValue.Member] {
        switch self {
        case .image(let padding):
            [JSONValue.Member(key: "padding", value: .array(padding.map { .integer(Int($0)) }))]
        case .convolution(let layer), .depthwise(let layer):
            (layer.curve?.members ?? []) + (layer.residual?.members ?? [])
        case .sum(let sum): [JSONValue.Member(key: "shift", value: .integer(sum.shift))] + (sum.curve?.members ?? [])
        case .gate, .passing, .wideSum: []
        }
    }
}

extension SiLUCurve {
    fileprivate var members: [JSONValue.Member] {
        [JSONValue.Member(key: "curve", value: ["input_scale": JSONValue(inputScale), "gain": .integer(Int(gain))])]
    }
}

extension ResidualTerm {
    fileprivate var members: [JSONValue.Member] {
        let term: JSONValue = ["multiplier": .integer(Int(multiplier)), "shift": .integer(shift), "relu": .bool(relu)]
        return [JSONValue.Member(key: "residual_term", value: term)]
    }
}

extension SafetensorsWriter {
    fileprivate mutating func add(_ layer: QuantizedLayer, of node: Node) throws(NetworkError) {
        switch layer {
        case .image, .passing: break
        case .convolution(let layer), .depthwise(let layer):
            let shape = node.operation.weightShape
            switch layer.weights {
            case .int8(let values): try add(node.name + ".weight", shape: shape, values: values)
            case .int16(let values): try add(node.name + ".weight", shape: shape, values: values)
            }
            try add(node.name + ".bias", shape: [layer.bias.count], values: layer.bias)
            try add(node.name + ".multiplier", shape: [layer.multiplier.count], values: layer.multiplier)
            try add(layer.curve, of: node)
        case .gate(let layer):
            let (channels, squeezed) = (layer.expandBias.count, layer.reduceBias.count)
            try add(node.name + ".reduce.weight", shape: [squeezed, channels], values: layer.reduceWeights)
            try add(node.name + ".reduce.bias", shape: [squeezed], values: layer.reduceBias)
            try add(node.name + ".expand.weight", shape: [channels, squeezed], values: layer.expandWeights)
            try add(node.name + ".expand.bias", shape: [channels], values: layer.expandBias)
        case .sum(let sum):
            try add(node.name + ".multiplier", shape: [sum.multipliers.count, node.channels], values: Array(sum.multipliers.joined()))
            try add(sum.curve, of: node)
        case .wideSum(let sum):
            try add(node.name + ".multiplier", shape: [sum.multipliers.count, node.channels], values: Array(sum.multipliers.joined()))
        }
    }

    fileprivate mutating func add(_ scaling: ChannelScaling, of node: Node) throws(NetworkError) {
        let channels = [node.channels]
        if scaling.factors.contains(where: { $0 != 1 }) {
            try add(node.name + ".channel_factor", shape: channels, values: scaling.factors)
        }
        if scaling.offsets.contains(where: { $0 != 0 }) {
            try add(node.name + ".channel_offset", shape: channels, values: scaling.offsets)
        }
    }

    private mutating func add(_ curve: SiLUCurve?, of node: Node) throws(NetworkError) {
        guard let curve else { return }
        try add(node.name + ".curve.base", shape: [curve.base.count], values: curve.base)
        try add(node.name + ".curve.slope", shape: [curve.slope.count], values: curve.slope)
    }
}

extension Operation {
    /// The shape of a convolution's or depthwise convolution's weights; empty for any other operation.
    var weightShape: [Int] { parameters.first { $0.suffix == "weight" }?.shape ?? [] }
}
