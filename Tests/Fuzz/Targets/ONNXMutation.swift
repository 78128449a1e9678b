import TestSupport

@testable import Interchange

/// Changes of a model that leave it a model. Bytes changed at random hardly ever do, as protobuf has the length of a message before it.
struct ONNXMutation {
    private var graph: ONNX.Graph
    /// A graph to take nodes, attributes and tensors from.
    private let other: ONNX.Graph
    private var random: SplitMix

    /// `bytes` with a few changes, some of them to parts of the model `another`, if it is one; nil where they are no model with nodes.
    static func mutated(_ bytes: [UInt8], another: [UInt8], seed: UInt64) -> [UInt8]? {
        guard var model = try? ONNX.Model(bytes[...]), !model.graph.nodes.isEmpty else { return nil }
        let other = try? ONNX.Model(another[...])
        var mutation = ONNXMutation(graph: model.graph, other: other?.graph ?? model.graph, random: SplitMix(seed: seed))
        if mutation.chance(32) { model.operatorSets[""] = Int64.random(in: 7...22, using: &mutation.random) }
        for _ in 0..<Int.random(in: 1...4, using: &mutation.random) { mutation.change() }
        model.graph = mutation.graph
        return model.bytes
    }

    private mutating func change() {
        switch Int.random(in: 0..<12, using: &random) {
        case 0: changeNode { node, mutation in node.operation = mutation.any(Self.operations) ?? "" }
        case 1, 2: changeNode { node, mutation in mutation.changeAttribute(of: &node) }
        case 3: changeNode { node, mutation in node.attributes.append(mutation.newAttribute()) }
        case 4: changeNode { node, mutation in mutation.removeAny(&node.attributes) }
        case 5: changeNode { node, mutation in mutation.changeInputs(of: &node) }
        case 6: insertNode()
        case 7: removeNode()
        case 8: takeFromOther()
        case 9, 10: changeInitializer()
        default: changeEnds()
        }
    }

    // MARK: Nodes

    private mutating func changeNode(_ change: (inout ONNX.Node, inout ONNXMutation) -> Void) {
        guard let index = graph.nodes.indices.randomElement(using: &random) else { return }
        var node = graph.nodes[index]
        change(&node, &self)
        graph.nodes[index] = node
    }

    private mutating func changeInputs(of node: inout ONNX.Node) {
        guard let index = node.inputs.indices.randomElement(using: &random), !chance(4) else { return node.inputs.append(value()) }
        if chance(4) { node.inputs.remove(at: index) } else { node.inputs[index] = value() }
    }

    /// Puts a node between another and one that reads it.
    private mutating func insertNode() {
        guard let index = graph.nodes.indices.randomElement(using: &random), let input = any(graph.nodes[index].inputs) else { return }
        var node = chance(2) ? any(other.nodes) ?? ONNX.Node() : ONNX.Node(operation: any(Self.operations) ?? "")
        let output = "value\(graph.nodes.count)"
        if node.inputs.isEmpty { node.inputs = [input] } else { node.inputs[0] = input }
        if node.outputs.isEmpty { node.outputs = [output] } else { node.outputs[0] = output }
        graph.nodes[index].inputs = graph.nodes[index].inputs.map { $0 == input ? output : $0 }
        for name in node.inputs { takeInitializer(name) }
        graph.nodes.insert(node, at: index)
    }

    /// Removes a node, whose readers read its first input then.
    private mutating func removeNode() {
        guard graph.nodes.count > 1, let index = graph.nodes.indices.randomElement(using: &random) else { return }
        let node = graph.nodes.remove(at: index)
        guard let input = node.inputs.first, let output = node.outputs.first else { return }
        for reader in graph.nodes.indices { graph.nodes[reader].inputs = graph.nodes[reader].inputs.map { $0 == output ? input : $0 } }
        for end in graph.outputs.indices where graph.outputs[end].name == output { graph.outputs[end].name = input }
    }

    private mutating func takeFromOther() {
        guard let index = graph.nodes.indices.randomElement(using: &random), let taken = any(other.nodes) else { return }
        graph.nodes[index].operation = taken.operation
        graph.nodes[index].attributes = taken.attributes
        guard let input = graph.nodes[index].inputs.first else { return }
        graph.nodes[index].inputs = [input] + taken.inputs.dropFirst()
        for name in taken.inputs.dropFirst() { takeInitializer(name) }
    }

    private mutating func takeInitializer(_ name: String) {
        guard !graph.initializers.contains(where: { $0.name == name }), let tensor = other.initializers.first(where: { $0.name == name })
        else { return }
        graph.initializers.append(tensor)
    }

    // MARK: Attributes

    private mutating func changeAttribute(of node: inout ONNX.Node) {
        guard let index = node.attributes.indices.randomElement(using: &random) else { return }
        switch node.attributes[index].value {
        case .none: node.attributes[index] = newAttribute()
        case .float(let value): node.attributes[index].value = .float(number(near: value))
        case .int(let value): node.attributes[index].value = .int(integer(near: value))
        case .string: node.attributes[index].value = .string(any(Self.texts) ?? "")
        case .tensor(var tensor):
            change(&tensor)
            node.attributes[index].value = .tensor(tensor)
        case .floats(var values):
            changeAny(&values) { value, mutation in value = mutation.number(near: value) }
            node.attributes[index].value = .floats(values)
        case .ints(var values):
            changeAny(&values) { value, mutation in value = mutation.integer(near: value) }
            node.attributes[index].value = .ints(values)
        }
    }

    private mutating func newAttribute() -> ONNX.Attribute {
        if chance(2), let node = any(other.nodes), let attribute = any(node.attributes) { return attribute }
        let values: [ONNX.Attribute.Value] = [
            .int(integer(near: 1)), .ints((0..<Int.random(in: 0...4, using: &random)).map { _ in integer(near: 1) }),
            .float(number(near: 0.5)), .string(any(Self.texts) ?? ""),
        ]
        return ONNX.Attribute(name: any(Self.attributes) ?? "", value: any(values) ?? .none)
    }

    // MARK: Tensors, inputs and outputs

    private mutating func changeInitializer() {
        guard let index = graph.initializers.indices.randomElement(using: &random) else { return }
        var tensor = graph.initializers[index]
        change(&tensor)
        graph.initializers[index] = tensor
    }

    /// Changes values, or dimensions and with them how many values there are.
    private mutating func change(_ tensor: inout ONNX.Tensor) {
        let size = ONNX.ElementType(rawValue: tensor.type)?.size ?? 4
        switch Int.random(in: 0..<4, using: &random) {
        case 0: changeAny(&tensor.dims) { value, mutation in value = mutation.integer(near: value) }
        case 1: tensor.dims.shuffle(using: &random)
        case 2: tensor.type = Int64.random(in: 0...16, using: &random)
        default:
            var raw = Array(tensor.raw)
            changeAny(&raw) { value, mutation in value = UInt8(truncatingIfNeeded: mutation.integer(near: Int64(value))) }
            tensor.raw = raw[...]
        }
        let count = tensor.dims.reduce(Int64(1)) { $0.multipliedReportingOverflow(by: $1).partialValue }
        guard !tensor.raw.isEmpty, (0...4096).contains(count), !chance(8) else { return }
        let raw = Array(tensor.raw)
        tensor.raw = (0..<Int(count) * size).map { raw[$0 % raw.count] }[...]
    }

    private mutating func changeEnds() {
        if chance(2), let index = graph.outputs.indices.randomElement(using: &random) { return graph.outputs[index].name = value() }
        guard let index = graph.inputs.indices.randomElement(using: &random), var dims = graph.inputs[index].dims else { return }
        changeAny(&dims) { dim, mutation in
            dim = mutation.chance(4) ? .free("n") : .fixed(Int64.random(in: 0...64, using: &mutation.random))
        }
        graph.inputs[index].dims = dims
    }

    // MARK: Choices

    private mutating func chance(_ one: Int) -> Bool { Int.random(in: 0..<one, using: &random) == 0 }

    private mutating func any<Element>(_ elements: [Element]) -> Element? { elements.randomElement(using: &random) }

    private mutating func removeAny<Element>(_ elements: inout [Element]) {
        if let index = elements.indices.randomElement(using: &random) { elements.remove(at: index) }
    }

    /// Changes an element, doubles it, or removes it.
    private mutating func changeAny<Element>(_ elements: inout [Element], _ change: (inout Element, inout ONNXMutation) -> Void) {
        guard let index = elements.indices.randomElement(using: &random) else { return }
        switch Int.random(in: 0..<8, using: &random) {
        case 0: elements.remove(at: index)
        case 1: elements.insert(elements[index], at: index)
        default:
            var element = elements[index]
            change(&element, &self)
            elements[index] = element
        }
    }

    /// The name of something that nodes can read; seldom none.
    private mutating func value() -> String {
        switch Int.random(in: 0..<16, using: &random) {
        case 0: ""
        case 1..<5: any(graph.initializers)?.name ?? ""
        case 5: graph.inputs.first?.name ?? ""
        default: any(graph.nodes)?.outputs.first ?? ""
        }
    }

    private mutating func integer(near value: Int64) -> Int64 {
        switch Int.random(in: 0..<5, using: &random) {
        case 0: value &+ (chance(2) ? 1 : -1)
        case 1: chance(2) ? value &* 2 : value / 2
        case 2: any([.min, -1 << 31, -1, 1 << 16, 1 << 31, .max]) ?? 0
        default: Int64.random(in: -4...8, using: &random)
        }
    }

    private mutating func number(near value: Float) -> Float {
        any([-value, value / 2, value * 2, 0, 1, 0.5, 2, 6, 1e-5, .infinity, .nan, .greatestFiniteMagnitude]) ?? 0
    }

    private static let operations = NetworkImport.operators + NetworkImport.structural + ConstantFolding.operators.sorted()
    private static let attributes = [
        "align_corners", "allowzero", "alpha", "approximate", "auto_pad", "axes", "axis", "beta", "blocksize", "ceil_mode",
        "coordinate_transformation_mode", "count_include_pad", "dilations", "end", "ends", "epsilon", "exclusive", "gamma", "group",
        "height_scale",
        "keepdims", "kernel_shape", "max", "min", "mode", "nearest_mode", "noop_with_empty_axes", "num_outputs", "output_padding",
        "output_shape",
        "pads", "perm", "reverse", "scales", "select_last_index", "split", "start", "starts", "steps", "storage_order", "strides", "to",
        "transA",
        "transB", "value", "value_float", "value_floats", "value_int", "value_ints", "width_scale",
    ]
    private static let texts = [
        "", "CRD", "DCR", "NOTSET", "SAME_LOWER", "SAME_UPPER", "VALID", "align_corners", "asymmetric", "bilinear", "ceil", "constant",
        "cubic",
        "edge", "floor", "half_pixel", "linear", "nearest", "none", "pytorch_half_pixel", "reflect", "round_prefer_ceil",
        "round_prefer_floor",
        "tanh", "tf_crop_and_resize",
    ]
}
