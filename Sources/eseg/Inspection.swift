import ESegNetwork
import Texts

/// What is in a model file, at one input size.
struct Inspection {
    let network: NetworkDescription
    let kind: String
    /// Whether the file says how pixels are normalized: an ONNX file does not.
    let hasNormalization: Bool
    /// The hyper-parameters of an ESeg; other networks have none.
    let config: ESegConfig?
    let provenance: [String: String]
    /// Weights and biases, batch normalization folded into them.
    let parameters: Int
    let size: ImageSize
    let layers: [Layer]

    /// A node of the graph. What is nil was not chosen, as in float networks, or not measured.
    struct Layer {
        let name: String
        let operation: String
        let output: Shape
        let macs: Int
        let weights: String?
        let codes: Quantization?
        let record: NodeRecord?
    }

    /// Throws `NetworkError` naming `file` where the graph takes no images of that size.
    init(of model: ModelFile, file: String, size: ImageSize, hasNormalization: Bool) throws(NetworkError) {
        let shapes = try model.graph.shapes(height: size.height, width: size.width, file: file)
        network = model.description
        kind = model.kind
        self.hasNormalization = hasNormalization
        config = model.config
        provenance = model.provenance
        parameters = model.parameterCount
        self.size = size
        layers = zip(model.graph.nodes, shapes).enumerated().map { index, node in
            Layer(
                name: node.0.name, operation: node.0.operation.summary, output: node.1, macs: node.0.macs(of: node.1),
                weights: model.weightType(of: index), codes: model.quantization(of: index), record: model.record(of: index))
        }
    }

    /// Multiply-accumulates of an image.
    var macs: Int { layers.reduce(0) { $0 + $1.macs } }

    /// All of it as a JSON object in UTF-8, keys sorted; what is nil is `null`.
    func json() throws -> [UInt8] { try jsonText() }
}

extension Inspection: Encodable {
    private enum CodingKeys: String, CodingKey {
        case name, kind, classes, mean, std, channelOrder, madeFor, provenance, parameters, macs, size, layers
    }

    func encode(to encoder: any Encoder) throws {
        var object = encoder.container(keyedBy: CodingKeys.self)
        try object.encode(network.name, forKey: .name)
        try object.encode(kind, forKey: .kind)
        try object.encode(network.classNames, forKey: .classes)
        try object.encode(hasNormalization ? network.mean : nil, forKey: .mean)
        try object.encode(hasNormalization ? network.std : nil, forKey: .std)
        try object.encode(network.channelOrder.rawValue, forKey: .channelOrder)
        try object.encode(network.madeFor.map(\.sides), forKey: .madeFor)
        try object.encode(provenance, forKey: .provenance)
        try object.encode(parameters, forKey: .parameters)
        try object.encode(macs, forKey: .macs)
        try object.encode(size.sides, forKey: .size)
        try object.encode(layers, forKey: .layers)
    }
}

extension Inspection.Layer: Encodable {
    private enum CodingKeys: String, CodingKey {
        case name, operation, output, macs, weights, precision, scale, zeroPoint, range, rangeMethod, sqnrDb
    }

    /// `output` is width, height and channels.
    func encode(to encoder: any Encoder) throws {
        var object = encoder.container(keyedBy: CodingKeys.self)
        try object.encode(name, forKey: .name)
        try object.encode(operation, forKey: .operation)
        try object.encode([output.width, output.height, output.channels], forKey: .output)
        try object.encode(macs, forKey: .macs)
        try object.encode(weights, forKey: .weights)
        try object.encode(codes?.precision.rawValue, forKey: .precision)
        try object.encode(codes?.scale, forKey: .scale)
        try object.encode(codes?.zeroPoint, forKey: .zeroPoint)
        try object.encode(record.map { [$0.lower, $0.upper] }, forKey: .range)
        try object.encode(record?.method, forKey: .rangeMethod)
        try object.encode(record?.sqnrDb, forKey: .sqnrDb)
    }
}

extension ImageSize {
    /// Width and height.
    var sides: [Int] { [width, height] }
}

extension ModelFile {
    fileprivate var kind: String {
        switch self {
        case .float: "float"
        case .int8: "int8"
        }
    }

    fileprivate var parameterCount: Int {
        switch self {
        case .float(let network): network.parameters.values.reduce(0) { $0 + $1.values.count }
        case .int8(let network): network.layers.reduce(0) { $0 + $1.parameterCount }
        }
    }

    fileprivate func quantization(of node: Int) -> Quantization? {
        switch self {
        case .float: nil
        case .int8(let network): network.outputs[node]
        }
    }

    fileprivate func record(of node: Int) -> NodeRecord? {
        switch self {
        case .float: nil
        case .int8(let network): network.records[node]
        }
    }

    fileprivate func weightType(of node: Int) -> String? {
        switch self {
        case .float: nil
        case .int8(let network): network.layers[node].weightType
        }
    }
}
