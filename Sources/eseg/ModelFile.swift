import ESegNetwork

/// A network of either kind, as a command line names it.
enum ModelFile {
    case float(FloatNetwork)
    case int8(QuantizedNetwork)

    /// Reads an `.eseg` file or float weights; its name or its metadata says which it is. An ONNX file needs no normalization here: what
    /// layers there are and what they take is the same with any.
    init(contentsOf path: String, _ weights: FloatWeights) throws {
        let isInt8: Bool
        if path.hasSuffix(".eseg") {
            isInt8 = true
        } else if FloatWeights.isONNX(path) {
            isInt8 = false
        } else {
            isInt8 = try Safetensors(contentsOf: path).metadata["format"] == "eseg"
        }
        if isInt8 { try weights.requireNone(path) }
        self = isInt8 ? .int8(try QuantizedNetwork(contentsOf: path)) : .float(try weights.load(path, needsNormalization: false))
    }

    var graph: Graph {
        switch self {
        case .float(let network): network.graph
        case .int8(let network): network.graph
        }
    }

    var description: NetworkDescription {
        switch self {
        case .float(let network): network.description
        case .int8(let network): network.description
        }
    }

    /// The config that the graph was built from, if it was.
    var config: ESegConfig? {
        let json: JSONValue? =
            switch self {
            case .float(let network): network.familyConfig
            case .int8(let network): network.familyConfig
            }
        return json.flatMap { try? ESegConfig(json: $0, file: "") }
    }

    /// What the file says of how it came to be.
    var provenance: [String: String] {
        switch self {
        case .float: [:]
        case .int8(let network): network.provenance
        }
    }

    /// The input size that a network was made for, or calibrated at; otherwise the usual one.
    var defaultSize: ImageSize {
        description.madeFor ?? provenance[Provenance.size].flatMap(ImageSize.init(argument:)) ?? .usual
    }
}
