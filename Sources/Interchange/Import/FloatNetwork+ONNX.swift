import ESegNetwork

/// How pixels become an ONNX model's input, which its file does not say: (pixel / 255 − mean) / std per channel.
///
/// For a model that normalizes by itself, mean 0 and std 1 feed it numbers from 0 to 1, std 1/255 those from 0 to 255.
public struct InputNormalization: Sendable, Equatable {
    public var mean: [Float]
    public var std: [Float]
    /// Of the model's input, and of `mean` and `std`.
    public var channelOrder: ChannelOrder

    public init(mean: [Float], std: [Float], channelOrder: ChannelOrder = .rgb) {
        self.mean = mean
        self.std = std
        self.channelOrder = channelOrder
    }
}

extension FloatNetwork {
    /// Reads a float ONNX model of an ESeg-like network, with batch normalization folded into its convolutions or not.
    ///
    /// The network reads RGB, whatever the model's order is. Where the graph is an ESeg's, it gets that config and the names of such weight
    /// files; otherwise its nodes keep names like the ONNX nodes', and its name is the file's. Class names are the metadata's `classes`.
    /// Throws naming the file and the node: an operator, attribute or order without an exact counterpart here, or broken data.
    public init(onnx path: String, input: InputNormalization, options: ImportOptions = ImportOptions()) throws(NetworkError) {
        try NetworkDescription.checkMean(input.mean, file: path)
        try self.init(ONNX.Model(contentsOf: path), file: path, input: input, options: options)
    }

    init(
        _ model: ONNX.Model, file: String, input: InputNormalization, options: ImportOptions = ImportOptions()
    ) throws(NetworkError) {
        var network = NetworkImport(model, file: file, options: options)
        try network.run()
        let graph = Graph(nodes: network.nodes)
        try graph.validate(file: file)
        let (mean, std) = try Self.composed(input, network.normalization, file: file)
        for (name, tensor) in network.parameters {
            guard tensor.values.allSatisfy(\.isFinite) else {
                throw NetworkError(file: file, field: "folded \(name)", found: "a number that is not finite", expected: "finite numbers")
            }
        }
        let names =
            try network.isBinary ? ["background", "foreground"] : model.classNames(count: graph.nodes.last?.channels ?? 0, file: file)
        let description = NetworkDescription(
            name: String(file.split(separator: "/").last?.prefix(60) ?? "onnx"), classNames: names, mean: mean, std: std,
            channelOrder: input.channelOrder, upsampling: network.upsampling, imageSize: network.imageSize)
        try description.validate(file: file)
        let imported = FloatNetwork(graph: graph, description: description, parameters: network.parameters).readingRGB
        self = imported.recoveredESeg ?? imported
    }

    /// scale · (pixel / 255 − mean) / std + offset as one mean and std.
    private static func composed(
        _ input: InputNormalization, _ own: (scale: [Double], offset: [Double])?, file: String
    ) throws(NetworkError) -> (mean: [Float], std: [Float]) {
        guard let own else { return (input.mean, input.std) }
        var (mean, std): ([Float], [Float]) = ([], [])
        for c in 0..<3 {
            let deviation = Double(input.std[c]) / own.scale[c]
            guard deviation > 0, deviation.isFinite else {
                throw NetworkError(
                    file: file, field: "normalization", found: "a factor of \(own.scale[c])", expected: "one greater than zero")
            }
            std.append(Float(deviation))
            mean.append(Float(Double(input.mean[c]) - own.offset[c] * deviation))
        }
        return (mean, std)
    }
}

extension ONNX.Model {
    /// The metadata's class names, a list in JSON, or class0, class1 and so on where it has none.
    fileprivate func classNames(count: Int, file: String) throws(NetworkError) -> [String] {
        guard let text = metadata["classes"] else { return (0..<count).map { "class\($0)" } }
        let field = "metadata_props.classes"
        guard case .array(let elements) = try JSONValue(parsing: text, file: file, field: field), elements.count == count else {
            throw NetworkError(file: file, field: field, found: quoted(text), expected: "a list of \(count) names")
        }
        var names: [String] = []
        for element in elements {
            guard case .string(let name) = element, NetworkDescription.isClassName(name) else {
                throw NetworkError(file: file, field: field, found: quoted(element.text), expected: "a name of at most 256 bytes")
            }
            names.append(name)
        }
        return names
    }
}
