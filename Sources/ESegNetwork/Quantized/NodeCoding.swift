/// The names that operations have in an `.eseg` file.
private enum OperationName: String, CaseIterable {
    case image, convolution, depthwise, fusion
    case squeezeExcite = "squeeze_excite"
    case maxPool = "max_pool"
    case pyramidSum = "pyramid_sum"
}

extension Node {
    /// Name, operation, its attributes and inputs as the members of a JSON object.
    var members: [JSONValue.Member] {
        let (name, attributes) = operation.members
        let head = [
            JSONValue.Member(key: "name", value: .string(self.name)), JSONValue.Member(key: "op", value: .string(name.rawValue)),
            JSONValue.Member(key: "inputs", value: .array(inputs.map(JSONValue.integer))),
        ]
        return head + attributes.map { JSONValue.Member(key: $0, value: $1) }
    }

    /// Reads what `members` writes. Numbers are in the ranges that a graph may have; whether the nodes fit is for `Graph.validate` to say.
    init(_ fields: inout JSONFields) throws(NetworkError) {
        let name = try fields.string("name")
        let operation = try Operation(&fields)
        let inputs = try fields.integers("inputs", count: 0...Graph.Limits.pyramidLevels.upperBound, in: 0...Graph.Limits.nodes.upperBound)
        self.init(name: name, operation: operation, inputs: inputs)
    }
}

extension Operation {
    fileprivate var members: (name: OperationName, attributes: [(String, JSONValue)]) {
        switch self {
        case .image: (.image, [])
        case .convolution(let layer):
            (
                .convolution,
                [
                    ("input_channels", .integer(layer.inputChannels)), ("output_channels", .integer(layer.outputChannels)),
                    ("kernel", .integer(layer.kernel)), ("stride", .integer(layer.stride)),
                    ("activation", .string(layer.activation.rawValue)), ("residual", .bool(layer.residual)),
                ]
            )
        case .depthwise(let layer):
            (
                .depthwise,
                [
                    ("channels", .integer(layer.channels)), ("kernel", .integer(layer.kernel)), ("stride", .integer(layer.stride)),
                    ("activation", .string(layer.activation.rawValue)),
                ]
            )
        case .squeezeExcite(let channels, let squeezed):
            (.squeezeExcite, [("channels", .integer(channels)), ("squeezed", .integer(squeezed))])
        case .maxPool(let channels): (.maxPool, [("channels", .integer(channels))])
        case .fusion(let fusion):
            (
                .fusion,
                [
                    ("channels", .integer(fusion.channels)), ("resampling", .array(fusion.resampling.map { .string($0.rawValue) })),
                    ("activation", .string(fusion.activation.rawValue)),
                ]
            )
        case .pyramidSum(let levels, let channels): (.pyramidSum, [("levels", .integer(levels)), ("channels", .integer(channels))])
        }
    }

    fileprivate init(_ fields: inout JSONFields) throws(NetworkError) {
        let channels = Graph.Limits.channels
        let kernels = 1...(Graph.Limits.convolutionKernels.max() ?? 1)
        let name: OperationName = try fields.choice("op")
        switch name {
        case .image: self = .image
        case .convolution:
            self = .convolution(
                Convolution(
                    inputChannels: try fields.integer("input_channels", in: channels),
                    outputChannels: try fields.integer("output_channels", in: channels), kernel: try fields.integer("kernel", in: kernels),
                    stride: try fields.integer("stride", in: Graph.Limits.strides), activation: try fields.choice("activation"),
                    residual: try fields.bool("residual")))
        case .depthwise:
            self = .depthwise(
                Depthwise(
                    channels: try fields.integer("channels", in: channels), kernel: try fields.integer("kernel", in: kernels),
                    stride: try fields.integer("stride", in: Graph.Limits.strides), activation: try fields.choice("activation")))
        case .squeezeExcite:
            self = .squeezeExcite(
                channels: try fields.integer("channels", in: channels), squeezed: try fields.integer("squeezed", in: channels))
        case .maxPool: self = .maxPool(channels: try fields.integer("channels", in: channels))
        case .fusion:
            self = .fusion(
                Fusion(
                    channels: try fields.integer("channels", in: channels), resampling: try fields.choices("resampling"),
                    activation: try fields.choice("activation")))
        case .pyramidSum:
            self = .pyramidSum(
                levels: try fields.integer("levels", in: Graph.Limits.pyramidLevels), channels: try fields.integer("channels", in: channels)
            )
        }
    }
}

extension JSONFields {
    /// Between one and eight named choices.
    fileprivate mutating func choices<Choice: RawRepresentable & CaseIterable>(_ key: String) throws(NetworkError) -> [Choice]
    where Choice.RawValue == String {
        var choices: [Choice] = []
        for (index, element) in try array(key, count: 1...8).enumerated() {
            guard case .string(let name) = element, let choice = Choice(rawValue: name) else {
                let names = Choice.allCases.map(\.rawValue).joined(separator: ", ")
                throw error("\(key)[\(index)]", found: element.summary, expected: names)
            }
            choices.append(choice)
        }
        return choices
    }
}
