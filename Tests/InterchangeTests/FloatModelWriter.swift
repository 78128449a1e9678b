import ESegNetwork

@testable import Interchange

/// Writes a float network as PyTorch's exporter would: convolutions with batch normalization of their own if asked, activations, sums of
/// scaled and resized maps, sizes computed from shapes.
struct FloatModelWriter {
    let network: FloatNetwork
    let batchNormalization: Bool
    private var writer = ONNXGraphWriter(name: "torch")
    private var outputs: [String] = []

    init(_ network: FloatNetwork, batchNormalization: Bool) {
        self.network = network
        self.batchNormalization = batchNormalization
    }

    mutating func model(height: Int64 = 64, width: Int64 = 96) -> ONNX.Model {
        outputs = [writer.input("image", .float, [.fixed(1), .fixed(3), .fixed(height), .fixed(width)])]
        for node in network.graph.nodes.dropFirst() { outputs.append(add(node)) }
        let size = writer.constant("size", [1, Int64(network.classNames.count), height, width], shape: [4])
        let mode: [ONNX.Attribute] = [.string("mode", "linear"), .string("coordinate_transformation_mode", "half_pixel")]
        let logits = writer.node("Resize", [outputs.last ?? "", "", "", size], "logits", mode)
        writer.output(logits, .float, [])
        return ONNX.Model(irVersion: 8, producer: "test", graph: writer.graph, operatorSets: ["": 17])
    }

    private mutating func add(_ node: Node) -> String {
        switch node.operation {
        case .image: return outputs[0]
        case .convolution(let layer):
            let sum = convolution(
                node, [layer.outputChannels, layer.inputChannels] + [layer.slides.rows.kernel, layer.slides.columns.kernel], layer.slides,
                groups: 1)
            let values = activated(sum, layer.activation, node.name)
            return layer.residual ? writer.node("Add", [outputs[node.inputs[1]], values], node.name + "/Add") : values
        case .depthwise(let layer):
            let shape = [layer.channels, 1] + [layer.slides.rows.kernel, layer.slides.columns.kernel]
            return activated(convolution(node, shape, layer.slides, groups: layer.channels), layer.activation, node.name)
        case .globalAveragePool:
            return writer.node("ReduceMean", [outputs[node.inputs[0]]], node.name + "/ReduceMean", [.ints("axes", [-1, -2])])
        case .concat: return writer.node("Concat", node.inputs.map { outputs[$0] }, node.name + "/Concat", [.int("axis", 1)])
        case .product: return writer.node("Mul", node.inputs.map { outputs[$0] }, node.name + "/Mul")
        case .softmax, .channelMaximum, .gate, .averagePool, .adaptiveAveragePool, .bilinearResize, .channelSelection, .depthToSpace:
            preconditionFailure("not in the networks that are written here")
        case .maxPool: return maxPool(outputs[node.inputs[0]], node.name)
        case .resize: return upsampled(outputs[node.inputs[0]], outputs[node.inputs[1]], node.name)
        case .weightedSum(let sum):
            if let levels = network.graph.pyramidLevels(of: outputs.count) { return pyramidSum(node, levels, sum.channels) }
            let terms = node.inputs.indices.map { i in
                let weight = writer.scalar(node.name + "/weight", weights(node)[i * sum.channels])
                return writer.node("Mul", [outputs[node.inputs[i]], weight], node.name + "/Mul")
            }
            let added = terms.dropFirst().reduce(terms[0]) { writer.node("Add", [$0, $1], node.name + "/Add") }
            return activated(added, sum.activation, node.name)
        }
    }

    /// From the coarsest level down, as the paper writes it; its resizes are nodes that nothing else reads.
    private mutating func pyramidSum(_ node: Node, _ levels: [Int], _ channels: Int) -> String {
        var sum: String?
        for i in levels.indices.reversed() {
            let values = Array(weights(node)[i * channels..<(i + 1) * channels])
            let weight = writer.constant(node.name + "/weight", values, shape: [1, channels, 1, 1])
            let product = writer.node("Mul", [outputs[levels[i]], weight], node.name + "/Mul")
            sum = sum.map { writer.node("Add", [product, upsampled($0, product, node.name)], node.name + "/Add") } ?? product
        }
        return sum ?? ""
    }

    private func weights(_ node: Node) -> [Float] { network.parameters[node.name + ".weights"]?.values ?? [] }

    private mutating func convolution(_ node: Node, _ shape: [Int], _ window: Window, groups: Int) -> String {
        let weight = network.parameters[node.name + ".weight"]?.values ?? [], bias = network.parameters[node.name + ".bias"]?.values ?? []
        let (inputs, taps) = (shape[1], shape[2] * shape[3]), length = inputs * taps
        let values = weight.indices.map { i -> Float in
            let (channel, c, tap) = (i / length, i % length / taps, i % taps)
            return weight[channel * length + tap * inputs + c]
        }
        let geometry = window.onnxAttributes + [.int("group", groups)]
        let input = [outputs[node.inputs[0]], writer.constant(node.name + ".weight", values, shape: shape)]
        guard batchNormalization, !isInGate(node) else {
            return writer.node("Conv", input + [writer.constant(node.name + ".bias", bias, shape: [bias.count])], node.name, geometry)
        }
        let sum = writer.node("Conv", input, node.name, geometry), ones = [Float](repeating: 1, count: bias.count)
        let vectors = [ones, bias, ones.map { _ in 0 }, ones.map { $0 - 0.25 }].enumerated().map { i, values in
            writer.constant("\(node.name).bn.\(i)", values, shape: [values.count])
        }
        let epsilon = ONNX.Attribute(name: "epsilon", value: .float(0.25))
        return writer.node("BatchNormalization", [sum] + vectors, node.name + ".bn", [epsilon])
    }

    /// Squeeze-excite's layers have no batch normalization.
    private func isInGate(_ node: Node) -> Bool {
        if case .globalAveragePool = network.graph.nodes[node.inputs[0]].operation { return true }
        return node.operation.activation == .sigmoid
    }

    private mutating func activated(_ values: String, _ activation: Activation, _ name: String) -> String {
        switch activation {
        case .none: return values
        case .relu: return writer.node("Relu", [values], name + "/Relu")
        case .relu6: return writer.node("Clip", [values, writer.scalar("min", Float(0)), writer.scalar("max", Float(6))], name + "/Clip")
        case .hardSigmoid: return writer.node("HardSigmoid", [values], name + "/HardSigmoid", [.float("alpha", Float(1) / 6)])
        case .gelu: return writer.node("Gelu", [values], name + "/Gelu")
        case .geluTanh: return writer.node("Gelu", [values], name + "/Gelu", [.string("approximate", "tanh")])
        case .elu: return writer.node("Elu", [values], name + "/Elu")
        case .sigmoid: return writer.node("Sigmoid", [values], name + "/Sigmoid")
        case .hardSwish: return writer.node("HardSwish", [values], name + "/HardSwish")
        case .prelu:
            let slope = network.parameters[name + ".slope"]?.values ?? []
            return writer.node("PRelu", [values, writer.constant(name + ".slope", slope, shape: [slope.count, 1, 1])], name + "/PRelu")
        case .silu: return writer.node("Mul", [values, writer.node("Sigmoid", [values], name + "/Sigmoid")], name + "/Mul")
        }
    }

    private mutating func maxPool(_ values: String, _ name: String) -> String {
        let window: [ONNX.Attribute] = [.ints("kernel_shape", [3, 3]), .ints("strides", [2, 2]), .ints("pads", [1, 1, 1, 1])]
        return writer.node("MaxPool", [values], name + "/MaxPool", window)
    }

    /// Upsamples to the height and width of another map, as traced code computes them.
    private mutating func upsampled(_ values: String, _ like: String, _ name: String) -> String {
        let own = writer.node("Shape", [values], name + "/Shape"), other = writer.node("Shape", [like], name + "/Shape")
        let bounds = [0, 2, 4].map { writer.constant(name + "/bound", [Int64($0)], shape: [1]) }
        let maps = writer.node("Slice", [own, bounds[0], bounds[1]], name + "/Slice")
        let sides = writer.node("Slice", [other, bounds[1], bounds[2]], name + "/Slice")
        let size = writer.node("Concat", [maps, sides], name + "/Concat", [.int("axis", 0)])
        let mode: [ONNX.Attribute] = [
            .string("mode", "nearest"), .string("coordinate_transformation_mode", "asymmetric"), .string("nearest_mode", "floor"),
        ]
        return writer.node("Resize", [values, "", "", size], name + "/Resize", mode)
    }
}
