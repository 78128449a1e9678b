/// An ONNX graph as it is built: nodes in topological order, constants as initializers, every tensor's name unique.
struct ONNXGraphWriter {
    private(set) var graph = ONNX.Graph()
    private var names: Set<String> = []

    init(name: String) { graph.name = name }

    /// Declares an input. Dimensions are numbers, or names where they are free.
    mutating func input(_ name: String, _ type: ONNX.ElementType, _ dimensions: [ONNX.Dimension]) -> String {
        graph.inputs.append(ONNX.ValueInfo(name: unique(name), type: type.rawValue, dims: dimensions))
        return name
    }

    mutating func output(_ name: String, _ type: ONNX.ElementType, _ dimensions: [ONNX.Dimension]) {
        graph.outputs.append(ONNX.ValueInfo(name: name, type: type.rawValue, dims: dimensions))
    }

    /// Adds a node with one output, named as given or, if that is taken, with a number behind. Returns the name.
    mutating func node(_ operation: String, _ inputs: [String], _ name: String, _ attributes: [ONNX.Attribute] = []) -> String {
        let output = unique(name)
        graph.nodes.append(ONNX.Node(name: output, operation: operation, inputs: inputs, outputs: [output], attributes: attributes))
        return output
    }

    /// Adds an initializer of little-endian `values`.
    mutating func constant<Value: ONNXElement>(_ name: String, _ values: [Value], shape: [Int]) -> String {
        var tensor = ONNX.Tensor()
        tensor.name = unique(name)
        tensor.dims = shape.map(Int64.init)
        tensor.type = Value.elementType.rawValue
        tensor.raw = values.withUnsafeBytes { [UInt8]($0) }[...]
        graph.initializers.append(tensor)
        return tensor.name
    }

    mutating func scalar<Value: ONNXElement>(_ name: String, _ value: Value) -> String { constant(name, [value], shape: []) }

    private mutating func unique(_ name: String) -> String {
        var candidate = name, number = 1
        while !names.insert(candidate).inserted {
            candidate = "\(name)_\(number)"
            number += 1
        }
        return candidate
    }
}

/// What the elements of an initializer can be. All machines that this project knows are little-endian, as ONNX is.
protocol ONNXElement {
    static var elementType: ONNX.ElementType { get }
}

extension Float: ONNXElement { static let elementType = ONNX.ElementType.float }
extension UInt8: ONNXElement { static let elementType = ONNX.ElementType.uint8 }
extension Int8: ONNXElement { static let elementType = ONNX.ElementType.int8 }
extension Int16: ONNXElement { static let elementType = ONNX.ElementType.int16 }
extension Int32: ONNXElement { static let elementType = ONNX.ElementType.int32 }
extension Int64: ONNXElement { static let elementType = ONNX.ElementType.int64 }

extension ONNX.Attribute {
    static func int(_ name: String, _ value: Int) -> Self { Self(name: name, value: .int(Int64(value))) }
    static func float(_ name: String, _ value: Float) -> Self { Self(name: name, value: .float(value)) }
    static func ints(_ name: String, _ values: [Int]) -> Self { Self(name: name, value: .ints(values.map(Int64.init))) }
    static func string(_ name: String, _ value: String) -> Self { Self(name: name, value: .string(value)) }
}
