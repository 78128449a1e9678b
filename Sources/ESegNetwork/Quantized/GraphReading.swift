/// Reads the nodes of an `.eseg` file's graph, of any version, as the operators that there are now.
///
/// Versions 1 and 2 had operators of ESeg's own: sums that resampled what they read. These become a sum, and nodes that resample.
struct GraphReading {
    let file: Safetensors
    let version: QuantizedNetwork.Version
    private(set) var nodes: [Node] = []
    private(set) var outputs: [Quantization] = []
    private(set) var records: [NodeRecord?] = []
    /// What is left to read of each node; nil for one that the file does not have.
    private(set) var rest: [JSONFields?] = []
    /// Where each node of the file is now.
    private var places: [Int] = []

    init(file: Safetensors, version: QuantizedNetwork.Version) {
        self.file = file
        self.version = version
    }

    mutating func append(_ element: JSONValue, _ index: Int, isLast: Bool) throws(NetworkError) {
        var fields = try JSONFields(element, file: file.path, path: "graph[\(index)]")
        let node = version == .general ? try Node(&fields) : try earlierNode(&fields)
        nodes.append(node)
        outputs.append(try quantization(&fields, isLast: isLast))
        records.append(try NodeRecord.read(&fields))
        rest.append(fields)
        places.append(nodes.count - 1)
    }

    private func quantization(_ fields: inout JSONFields, isLast: Bool) throws(NetworkError) -> Quantization {
        let scale = try fields.float("scale")
        let zeroPoint = UInt8(try fields.integer("zero_point", in: Precision.codes))
        let precision: Precision = version == .first ? (isLast ? .int16 : .uint8) : try fields.choice("precision")
        return Quantization(scale: scale, zeroPoint: zeroPoint, precision: precision)
    }
}

// Versions 1 and 2
extension GraphReading {
    /// The operators of these versions.
    private enum EarlierOperator: String, CaseIterable {
        case image, convolution, depthwise, fusion
        case squeezeExcite = "squeeze_excite"
        case maxPool = "max_pool"
        case pyramidSum = "pyramid_sum"
    }

    private mutating func earlierNode(_ fields: inout JSONFields) throws(NetworkError) -> Node {
        let name = try fields.string("name")
        let earlier: EarlierOperator = try fields.choice("op")
        let operation: Operation
        var resampling: [Resampling] = []
        switch earlier {
        case .image: operation = try Image(&fields).operation
        case .convolution: operation = try Convolution(&fields).operation
        case .depthwise: operation = try Depthwise(&fields).operation
        case .squeezeExcite: operation = try Gate(&fields).operation
        case .maxPool: operation = try MaxPool(&fields).operation
        case .fusion:
            let channels = try fields.integer("channels", in: Graph.Limits.channels)
            resampling = try fields.choices("resampling")
            operation = .weightedSum(
                WeightedSum(channels: channels, inputs: resampling.count, activation: try fields.choice("activation")))
        case .pyramidSum:
            let levels = try fields.integer("levels", in: Graph.Limits.sumInputs)
            let channels = try fields.integer("channels", in: Graph.Limits.channels)
            operation = .weightedSum(WeightedSum(channels: channels, inputs: levels, activation: .none))
        }
        let inputs = try earlierInputs(&fields)
        switch earlier {
        case .fusion: return Node(name: name, operation: operation, inputs: resampled(inputs, resampling, operation.channels, name))
        case .pyramidSum: return Node(name: name, operation: operation, inputs: descended(inputs, operation.channels, name))
        case .image, .convolution, .depthwise, .squeezeExcite, .maxPool: return Node(name: name, operation: operation, inputs: inputs)
        }
    }

    /// The nodes that a node reads, where they are now.
    private func earlierInputs(_ fields: inout JSONFields) throws(NetworkError) -> [Int] {
        var inputs: [Int] = []
        for input in try fields.nodeInputs() {
            guard places.indices.contains(input) else {
                throw fields.error("inputs", found: "\(input)", expected: "the index of an earlier node")
            }
            inputs.append(places[input])
        }
        return inputs
    }

    private mutating func resampled(_ inputs: [Int], _ resampling: [Resampling], _ channels: Int, _ sum: String) -> [Int] {
        var terms: [Int] = []
        for (index, (input, resampling)) in zip(inputs, resampling).enumerated() {
            let node = Node.resampling(
                resampling, of: input, toSizeOf: inputs[0], channels: channels, term: index, sum: sum)
            terms.append(node.map { insert($0) } ?? input)
        }
        return terms
    }

    private mutating func descended(_ levels: [Int], _ channels: Int, _ sum: String) -> [Int] {
        levels.indices.map { level in
            level == 0 ? levels[0] : insert(Node.descent(ofLevel: level, in: levels, channels: channels, sum: sum))
        }
    }

    /// Adds a node that passes its input's codes on.
    private mutating func insert(_ node: Node) -> Int {
        nodes.append(node)
        outputs.append(outputs[node.inputs[0]])
        records.append(records[node.inputs[0]])
        rest.append(nil)
        return nodes.count - 1
    }
}

extension JSONFields {
    /// One named choice for each input of a sum; at least one.
    fileprivate mutating func choices<Choice: RawRepresentable & CaseIterable>(_ key: String) throws(NetworkError) -> [Choice]
    where Choice.RawValue == String {
        var choices: [Choice] = []
        for (index, element) in try array(key, count: 1...Graph.Limits.inputs.upperBound).enumerated() {
            guard case .string(let name) = element, let choice = Choice(rawValue: name) else {
                let names = Choice.allCases.map(\.rawValue).joined(separator: ", ")
                throw error("\(key)[\(index)]", found: element.summary, expected: names)
            }
            choices.append(choice)
        }
        return choices
    }
}
