import ESegNetwork

/// A node of an ONNX graph with its attributes by name, and errors that name it.
struct ImportedNode {
    let node: ONNX.Node
    let file: String
    private let attributes: [String: ONNX.Attribute.Value]

    init(_ node: ONNX.Node, file: String) {
        self.node = node
        self.file = file
        attributes = node.attributes.reduce(into: [:]) { $0[$1.name] = $1.value }
    }

    /// Its name, or its output's where it has none.
    var name: String { node.name.isEmpty ? node.outputs.first ?? "" : node.name }

    /// How messages call it: "node /backbone/stem/conv/Conv (Conv)".
    var place: String { "node \(quoted(name)) (\(quoted(node.operation)))" }

    func error(_ field: String, found: String, expected: String) -> NetworkError {
        NetworkError(file: file, field: field.isEmpty ? place : "\(place): \(field)", found: found, expected: expected)
    }

    func require(
        _ holds: Bool, _ field: String, found: @autoclosure () -> String, expected: @autoclosure () -> String
    ) throws(NetworkError) {
        guard holds else { throw error(field, found: found(), expected: expected()) }
    }

    /// An input's name, or nil where it is left out.
    func input(_ index: Int) -> String? {
        index < node.inputs.count && !node.inputs[index].isEmpty ? node.inputs[index] : nil
    }

    func has(_ attribute: String) -> Bool { attributes[attribute] != nil }

    func int(_ name: String, default value: Int) throws(NetworkError) -> Int {
        switch attributes[name] {
        case nil: value
        case .int(let value): Int(value)
        default: throw error(name, found: "another type", expected: "an integer")
        }
    }

    func float(_ name: String, default value: Float) throws(NetworkError) -> Float {
        switch attributes[name] {
        case nil: value
        case .float(let value): value
        default: throw error(name, found: "another type", expected: "a float")
        }
    }

    func string(_ name: String, default value: String) throws(NetworkError) -> String {
        switch attributes[name] {
        case nil: value
        case .string(let value): value
        default: throw error(name, found: "another type", expected: "a string")
        }
    }

    func floats(_ name: String, default values: [Float]) throws(NetworkError) -> [Float] {
        switch attributes[name] {
        case nil: values
        case .floats(let values): values
        default: throw error(name, found: "another type", expected: "floats")
        }
    }

    func ints(_ name: String, default values: [Int]) throws(NetworkError) -> [Int] {
        switch attributes[name] {
        case nil: values
        case .ints(let values): values.map { Int($0) }
        default: throw error(name, found: "another type", expected: "integers")
        }
    }

    /// A Constant node's value, in whichever form it has it.
    func constant() throws(NetworkError) -> Constant {
        if case .tensor(let tensor) = attributes["value"] { return try Constant(tensor, file: file, place: place) }
        if case .float(let value) = attributes["value_float"] { return Constant(shape: [], values: .floats([value])) }
        if case .int(let value) = attributes["value_int"] { return Constant(shape: [], values: .ints([Int(value)])) }
        if case .floats(let values) = attributes["value_floats"] { return Constant(shape: [values.count], values: .floats(values)) }
        if case .ints(let values) = attributes["value_ints"] {
            return Constant(shape: [values.count], values: .ints(values.map { Int($0) }))
        }
        throw error("value", found: "no tensor or number", expected: "a tensor, floats or integers")
    }
}
