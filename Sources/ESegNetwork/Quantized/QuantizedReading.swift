extension QuantizedNetwork {
    /// Reads an `.eseg` file, verifies its checksum and checks every value: see `validate(file:)`.
    ///
    /// Throws naming the file, the field, what was found and what was expected.
    public init(contentsOf path: String) throws(NetworkError) { try self.init(WholeFile(path)) }

    /// The same, and lets `look` see the file's bytes, which are read once.
    package init(contentsOf path: String, look: (UnsafeRawBufferPointer) -> Void) throws(NetworkError) {
        let file = try WholeFile(path)
        file.withBytes(look)
        try self.init(file)
    }

    /// The same from a file's bytes; `name` stands for the file in errors.
    package init(file bytes: UnsafeRawBufferPointer, name: String) throws(NetworkError) { try self.init(WholeFile(bytes, name: name)) }

    init(_ whole: WholeFile) throws(NetworkError) {
        do throws(NetworkError) {
            try Checksum.verify(whole)
        } catch {
            // A whole file of another kind or version is reported as such, not as damaged.
            if error.field != "checksum", let file = try? Safetensors(whole) { _ = try file.checkFormat() }
            throw error
        }
        let file = try Safetensors(whole)
        let version = try file.checkFormat()
        try file.checkMetadataKeys(version)
        var reader = QuantizedReader(file: file, version: version)
        let description = try file.networkDescription(version), familyConfig = try file.familyConfig()
        let (graph, outputs, layers, scalings, records) = try reader.network()
        self.init(
            graph: graph, description: description,
            familyConfig: version.describesNetwork ? familyConfig : familyConfig.flatMap { graph.isBuilt(from: $0) ? $0 : nil },
            outputs: outputs, layers: layers, channelScalings: scalings, records: records, provenance: try file.provenance())
        try validate(file: whole.path)
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

    fileprivate func checkMetadataKeys(_ version: QuantizedNetwork.Version) throws(NetworkError) {
        let known = version.metadataKeys, optional: Set = version.describesNetwork ? ["config"] : []
        guard let key = Set(metadata.keys).subtracting(optional).symmetricDifference(known).min() else { return }
        throw NetworkError(
            file: path, field: "__metadata__.\(quoted(key))", found: metadata[key] == nil ? "nothing" : "an unknown field",
            expected: known.union(optional).sorted().joined(separator: ", "))
    }

    fileprivate func networkDescription(_ version: QuantizedNetwork.Version) throws(NetworkError) -> NetworkDescription {
        guard version.describesNetwork else { return try descriptionByConfig() }
        return try NetworkDescription(json: try metadataJSON("network"), file: path)
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

extension QuantizedNetwork.Version {
    fileprivate var describesNetwork: Bool {
        switch self {
        case .first, .precisions: false
        case .general: true
        }
    }

    fileprivate var metadataKeys: Set<String> {
        let described: Set = describesNetwork ? ["network"] : ["config", "classes"]
        return described.union(["format", "version", "graph", "calibration", Checksum.key])
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
            let (layer, scaling) = try layer(of: node, isInt16: graph.isInt16(index, outputs: outputs), fields)
            layers.append(layer)
            scalings.append(scaling)
        }
        if let name = unread.min() {
            throw NetworkError(file: file.path, field: "tensor \(name)", found: "a tensor that no node reads", expected: "only the graph's")
        }
        return (graph, outputs, layers, scalings, read.records)
    }

    private mutating func layer(
        of node: Node, isInt16: Bool, _ fields: JSONFields
    ) throws(NetworkError) -> (QuantizedLayer, ChannelScaling) {
        guard let kind = node.operation.layerKind(isInt16: isInt16) else {
            throw fields.error("op", found: quoted(node.operation.name), expected: "an operator that has integer arithmetic")
        }
        var reader = LayerReader(file: file, node: node, fields: fields, unread: unread)
        let layer = try QuantizedLayer(kind, &reader), scaling = try reader.scaling()
        try reader.fields.end()
        unread = reader.unread
        return (layer, scaling)
    }
}
