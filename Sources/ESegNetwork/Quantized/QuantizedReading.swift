extension QuantizedNetwork {
    /// Maps an `.eseg` file, verifies its checksum, reads it and checks every value: see `validate(file:)`.
    ///
    /// Throws naming the file, the field, what was found and what was expected.
    public init(contentsOf path: String) throws(NetworkError) {
        let mapped = try MappedFile(path)
        do throws(NetworkError) {
            try Checksum.verify(mapped)
        } catch {
            // A file that is whole but of another kind or version is to be called that, not damaged.
            if error.field != "checksum", let file = try? Safetensors(mapped) { _ = try file.checkFormat() }
            throw error
        }
        let file = try Safetensors(mapped)
        let version = try file.checkFormat()
        try file.checkMetadataKeys()
        var reader = QuantizedReader(file: file, version: version)
        let config = try ESegConfig(json: try file.metadataJSON("config"), file: path)
        let classNames = try file.classNames(count: config.classes)
        let (graph, outputs, layers, scalings, records) = try reader.network()
        self.init(
            graph: graph, config: config, classNames: classNames, outputs: outputs, layers: layers, channelScalings: scalings,
            records: records, provenance: try file.provenance())
        try validate(file: path)
    }
}

extension Safetensors {
    fileprivate func checkFormat() throws(NetworkError) -> QuantizedNetwork.Version {
        guard metadata["format"] == QuantizedNetwork.format else { throw unreadable("format", expected: [QuantizedNetwork.format]) }
        guard let version = metadata["version"].flatMap(QuantizedNetwork.Version.init) else {
            throw unreadable("version", expected: QuantizedNetwork.Version.allCases.map(\.rawValue))
        }
        return version
    }

    private func unreadable(_ key: String, expected: [String]) -> NetworkError {
        NetworkError(
            file: path, field: "__metadata__.\(key)", found: metadata[key].map(quoted) ?? "nothing",
            expected: "\(expected.map(quoted).joined(separator: " or ")), as in an .eseg file that this program can read")
    }

    fileprivate func checkMetadataKeys() throws(NetworkError) {
        let known: Set = ["format", "version", "config", "classes", "graph", "calibration", Checksum.key]
        guard let key = Set(metadata.keys).symmetricDifference(known).min() else { return }
        throw NetworkError(
            file: path, field: "__metadata__.\(quoted(key))", found: metadata[key] == nil ? "nothing" : "an unknown field",
            expected: known.sorted().joined(separator: ", "))
    }

    fileprivate func provenance() throws(NetworkError) -> [String: String] {
        let field = "__metadata__.calibration"
        let json = try metadataJSON("calibration")
        guard case .object(let members) = json else {
            throw NetworkError(file: path, field: field, found: json.summary, expected: "an object of strings")
        }
        var provenance: [String: String] = [:]
        for member in members {
            guard case .string(let text) = member.value else {
                throw NetworkError(file: path, field: "\(field).\(member.key)", found: member.value.summary, expected: "a string")
            }
            provenance[member.key] = text
        }
        return provenance
    }
}

/// Reads the graph of an `.eseg` file and its layers, each tensor once and in the shape that its node asks for.
private struct QuantizedReader {
    let file: Safetensors
    let version: QuantizedNetwork.Version
    private var unread: Set<String>

    init(file: Safetensors, version: QuantizedNetwork.Version) {
        self.file = file
        self.version = version
        unread = Set(file.tensors.keys)
    }

    mutating func network() throws(NetworkError) -> (
        Graph, [Quantization], [QuantizedLayer], [ChannelScaling], [NodeRecord?]
    ) {
        let json = try file.metadataJSON("graph")
        guard case .array(let elements) = json, Graph.Limits.nodes.contains(elements.count) else {
            throw NetworkError(
                file: file.path, field: "graph", found: json.summary, expected: "a list of \(Graph.Limits.nodes) nodes")
        }
        var read = GraphReading(file: file, version: version)
        for index in elements.indices { try read.append(elements[index], index, isLast: index == elements.count - 1) }
        let (graph, outputs) = (Graph(nodes: read.nodes), read.outputs)
        try graph.validate(file: file.path)
        var layers: [QuantizedLayer] = []
        var scalings: [ChannelScaling] = []
        for (index, node) in graph.nodes.enumerated() {
            guard let fields = read.rest[index] else {
                layers.append(.passing)
                scalings.append(scalings[node.inputs[0]])
                continue
            }
            layers.append(try layer(of: node, isWide: graph.isWide(index, outputs: outputs), fields))
            scalings.append(try scaling(of: node))
        }
        if let name = unread.min() {
            throw NetworkError(file: file.path, field: "tensor \(name)", found: "a tensor that no node reads", expected: "only the graph's")
        }
        return (graph, outputs, layers, scalings, read.records)
    }

    private mutating func layer(of node: Node, isWide: Bool, _ given: JSONFields) throws(NetworkError) -> QuantizedLayer {
        var fields = given
        let layer: QuantizedLayer
        switch node.operation {
        case .image: layer = .image(padding: try fields.integers("padding", count: 3...3, in: 0...255).map { UInt8($0) })
        case .convolution: layer = .convolution(try convolution(node, &fields))
        case .depthwise: layer = .depthwise(try convolution(node, &fields))
        case .gate(let operation): layer = .gate(try gate(node.name, operation))
        case .maxPool, .resize: layer = .passing
        case .weightedSum(let operation) where isWide: layer = .wideSum(try wideSum(node, inputs: operation.inputs))
        case .weightedSum(let operation): layer = .sum(try sum(node, inputs: operation.inputs, &fields))
        case .globalAveragePool, .product:
            throw file.error(node.name, "op", found: node.operation.name, expected: "an operator that has integer arithmetic")
        }
        try fields.end()
        return layer
    }

    private mutating func scaling(of node: Node) throws(NetworkError) -> ChannelScaling {
        var scaling = ChannelScaling(channels: node.channels)
        let (factors, offsets) = (node.name + ".channel_factor", node.name + ".channel_offset")
        if unread.contains(factors) { scaling.factors = try values(factors, shape: [node.channels]) }
        if unread.contains(offsets) { scaling.offsets = try values(offsets, shape: [node.channels]) }
        return scaling
    }

    private mutating func convolution(_ node: Node, _ fields: inout JSONFields) throws(NetworkError) -> QuantizedConvolution {
        QuantizedConvolution(
            weights: try weights(node), bias: try values(node.name + ".bias", shape: [node.channels]),
            multiplier: try values(node.name + ".multiplier", shape: [node.channels]), curve: try curve(node.name, &fields),
            residual: try residual(&fields))
    }

    private mutating func weights(_ node: Node) throws(NetworkError) -> QuantizedWeights {
        let name = node.name + ".weight"
        switch try file.entry(name).type {
        case .int8: return .int8(try values(name, shape: node.operation.weightShape))
        case .int16: return .int16(try values(name, shape: node.operation.weightShape))
        case let other: throw file.error(name, "dtype", found: other.rawValue, expected: "I8 or I16")
        }
    }

    private func residual(_ fields: inout JSONFields) throws(NetworkError) -> ResidualTerm? {
        guard fields.has("residual_term") else { return nil }
        var term = try JSONFields(try fields.value("residual_term"), file: file.path, path: "\(fields.path).residual_term")
        let multiplier = Int16(try term.integer("multiplier", in: QuantizedNetwork.Limits.residualMultiplier))
        let shift = try term.integer("shift", in: QuantizedNetwork.Limits.residualShift)
        let relu = try term.bool("relu")
        try term.end()
        return ResidualTerm(multiplier: multiplier, shift: shift, relu: relu)
    }

    private mutating func curve(_ name: String, _ fields: inout JSONFields) throws(NetworkError) -> SiLUCurve? {
        guard fields.has("curve") else { return nil }
        var curve = try JSONFields(try fields.value("curve"), file: file.path, path: "\(fields.path).curve")
        let inputScale = try curve.float("input_scale")
        let gain = Int16(try curve.integer("gain", in: 0...Int(Int16.max)))
        try curve.end()
        return SiLUCurve(
            inputScale: inputScale, gain: gain, base: try values(name + ".curve.base", shape: [SiLUCurve.pieces]),
            slope: try values(name + ".curve.slope", shape: [SiLUCurve.pieces]))
    }

    private mutating func gate(_ name: String, _ operation: Gate) throws(NetworkError) -> QuantizedGate {
        let (channels, squeezed) = (operation.channels, operation.squeezed)
        return QuantizedGate(
            reduceWeights: try values(name + ".reduce.weight", shape: [squeezed, channels]),
            reduceBias: try values(name + ".reduce.bias", shape: [squeezed]),
            expandWeights: try values(name + ".expand.weight", shape: [channels, squeezed]),
            expandBias: try values(name + ".expand.bias", shape: [channels]))
    }

    private mutating func sum(_ node: Node, inputs: Int, _ fields: inout JSONFields) throws(NetworkError) -> QuantizedSum {
        let channels = node.channels
        let multipliers: [Int16] = try values(node.name + ".multiplier", shape: [inputs, channels])
        return QuantizedSum(
            multipliers: (0..<inputs).map { Array(multipliers[$0 * channels..<($0 + 1) * channels]) },
            shift: try fields.integer("shift", in: QuantizedNetwork.Limits.sumShift), curve: try curve(node.name, &fields))
    }

    private mutating func wideSum(_ node: Node, inputs: Int) throws(NetworkError) -> WideSum {
        let channels = node.channels
        let multipliers: [Float] = try values(node.name + ".multiplier", shape: [inputs, channels])
        return WideSum(multipliers: (0..<inputs).map { Array(multipliers[$0 * channels..<($0 + 1) * channels]) })
    }

    private mutating func values<Element: TensorElement>(_ name: String, shape: [Int]) throws(NetworkError) -> [Element] {
        let found = try file.entry(name).shape
        guard found == shape else { throw file.error(name, "shape", found: "\(found)", expected: "\(shape)") }
        guard unread.remove(name) != nil else { throw file.error(name, "name", found: "two nodes that read it", expected: "one") }
        return try file.values(name)
    }
}
