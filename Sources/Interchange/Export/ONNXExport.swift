import ESegNetwork

extension QuantizedNetwork {
    /// Writes the network as an ONNX model in QDQ form, opset 21, whole or not at all.
    ///
    /// Input `image` is uint8 [1, height, width, 3], RGB as decoded, nothing subtracted; output `classes` is uint8 [1, height, width].
    /// Without `size` height and width are free. Throws if the network is not valid or a scale leaves float32, or what the system reports.
    public func writeONNX(to path: String, size: (height: Int, width: Int)? = nil) throws(NetworkError) {
        let bytes = try onnxModel(file: path, size: size).bytes
        guard bytes.count < 1 << 31 else {
            throw NetworkError(file: path, field: "model", found: "\(bytes.count) bytes", expected: "less than 2 GiB, as protobuf has it")
        }
        try AtomicFile.write(bytes, to: path)
    }

    func onnxModel(file: String, size: (height: Int, width: Int)?) throws(NetworkError) -> ONNX.Model {
        try validate(file: file)
        if let size { _ = try graph.shapes(height: size.height, width: size.width) }
        var export = QDQExport(network: self, file: file, size: size)
        var metadata = provenance
        metadata["classes"] = JSONValue.array(classNames.map(JSONValue.string)).text
        return ONNX.Model(irVersion: 10, producer: "eseg", graph: try export.graph(), operatorSets: ["": 21], metadata: metadata)
    }
}

/// Builds the ONNX graph of a quantized network: float operations between QuantizeLinear and DequantizeLinear.
///
/// Differences to the integer arithmetic are of float32's rounding alone: ReLU and ReLU6 are the saturation of the QuantizeLinear that
/// follows, as they are in an `.eseg` file (before int16 codes, which are signed, a Relu too), SiLU is a table of its int16 input's codes, and gates and residuals have the steps that they
/// have there. Weights stay int8 and int16; as float32 constants, ONNX Runtime would quantize them by itself.
struct QDQExport {
    let network: QuantizedNetwork
    let file: String
    let size: (height: Int, width: Int)?
    var writer: ONNXGraphWriter
    /// The dequantized output of each node so far; empty for one that a sum does while it reads.
    var outputs: [String] = []
    let absorbed: [Bool]
    /// The same in codes, and the zero point, by node.
    var codes: [Int: String] = [:]
    var zeroPoints: [Int: String] = [:]

    init(network: QuantizedNetwork, file: String, size: (height: Int, width: Int)?) {
        self.network = network
        self.file = file
        self.size = size
        absorbed = network.graph.absorbed
        writer = ONNXGraphWriter(name: network.description.name)
    }

    mutating func graph() throws(NetworkError) -> ONNX.Graph {
        let sides: [ONNX.Dimension] =
            size.map { [.fixed(Int64($0.height)), .fixed(Int64($0.width))] } ?? [.free("height"), .free("width")]
        let image = writer.input("image", .uint8, [.fixed(1)] + sides + [.fixed(3)])
        for index in network.graph.nodes.indices { outputs.append(absorbed[index] ? "" : try add(index, image: image)) }
        classMap(image: image)
        writer.output("classes", .uint8, [.fixed(1)] + sides)
        return writer.graph
    }

    private mutating func add(_ index: Int, image: String) throws(NetworkError) -> String {
        let node = network.graph.nodes[index], layer = network.layers[index]
        switch node.operation {
        case .image:
            if case .image(let padding) = layer { return pixels(image, padding: padding) }
        case .convolution(let operation):
            let geometry = Geometry(inputs: operation.inputChannels, window: operation.slides, groups: 1)
            if case .convolution(let layer) = layer { return try convolution(layer, geometry, index) }
        case .depthwise(let operation):
            let geometry = Geometry(inputs: 1, window: operation.slides, groups: operation.channels)
            if case .depthwise(let layer) = layer { return try convolution(layer, geometry, index) }
        case .gate(let operation):
            if case .gate(let layer) = layer { return gate(layer, operation, index) }
        case .weightedSum: return try weightedSum(index)
        case .maxPool, .averagePool, .adaptiveAveragePool, .globalAveragePool, .resize, .bilinearResize, .product, .concat, .softmax,
            .channelMaximum, .channelSelection, .depthToSpace:
            if let values = plain(node) { return quantized(values, index) }
        }
        throw error(node, "layer", "another operation's parameters", "those of the node's operation")
    }

    /// What an operator without weights makes of real values, by ONNX's; nil of another.
    private mutating func plain(_ node: Node) -> String? {
        let inputs = node.inputs.map { outputs[$0] }, name = node.name
        switch node.operation {
        case .maxPool(let pool): return maxPool(inputs[0], pool.slides, name + "/pool")
        case .averagePool(let pool):
            let attributes = pool.slides.onnxAttributes + [.int("count_include_pad", pool.countsPadding ? 1 : 0)]
            return writer.node("AveragePool", inputs, name + "/pool", attributes)
        case .adaptiveAveragePool(let pool): return gridMeans(inputs[0], pool, name)
        case .globalAveragePool: return writer.node("GlobalAveragePool", inputs, name + "/mean")
        case .resize(let resize): return resized(inputs[0], resize, node)
        case .bilinearResize(let resize): return resized(inputs[0], resize, node)
        case .product: return writer.node("Mul", inputs, name + "/product")
        case .concat: return writer.node("Concat", inputs, name + "/concat", [.int("axis", 1)])
        case .softmax: return writer.node("Softmax", inputs, name + "/softmax", [.int("axis", 1)])
        case .channelMaximum:
            let axis = writer.constant(name + "/axis", [Int64(1)], shape: [1])
            return writer.node("ReduceMax", [inputs[0], axis], name + "/max", [.int("keepdims", 1)])
        case .channelSelection(let selection):
            let indices = writer.constant(name + "/channels", selection.selected.map(Int64.init), shape: [selection.channels])
            return writer.node("Gather", [inputs[0], indices], name + "/gather", [.int("axis", 1)])
        case .depthToSpace(let space):
            return writer.node("DepthToSpace", inputs, name + "/space", [.int("blocksize", space.block)])
        case .image, .convolution, .depthwise, .gate, .weightedSum: return nil
        }
    }

    /// Pixels are codes of scale 1. With the padding's code as each channel's zero point, ONNX's zero padding is the network's.
    private mutating func pixels(_ image: String, padding: [UInt8]) -> String {
        let planes = writer.node("Transpose", [image], "image/planes", [.ints("perm", [0, 3, 1, 2])])
        let scale = writer.constant("image/scale", [Float](repeating: 1, count: padding.count), shape: [padding.count])
        let zeroPoint = writer.constant("image/zero_point", padding, shape: [padding.count])
        return writer.node("DequantizeLinear", [planes, scale, zeroPoint], "image/values", [.int("axis", 1)])
    }

    /// Rounds `values` to the codes of a node's output, through its activation if that is more than saturation, and brings them back.
    mutating func quantized(_ values: String, curve: ActivationCurve? = nil, _ index: Int) -> String {
        let name = network.graph.nodes[index].name, output = network.outputs[index]
        let scale = writer.scalar(name + "/scale", output.scale)
        let zeroPoint =
            switch output.precision {
            case .uint8: writer.scalar(name + "/zero_point", output.zeroPoint)
            case .int16: writer.scalar(name + "/zero_point", Int16(0))
            }
        let rounded: String
        let values = network.layers[index].convolution?.slope.map { bent(values, slope: $0, name) } ?? values
        if let curve {
            rounded = activated(values, curve, zeroPoint: output.zeroPoint, name)
        } else {
            let values =
                network.isInt16(index) ? activated(values, network.graph.nodes[index].operation.outputActivation, output, name) : values
            rounded = writer.node("QuantizeLinear", [values, scale, zeroPoint], name + "/codes")
        }
        codes[index] = rounded
        zeroPoints[index] = zeroPoint
        return writer.node("DequantizeLinear", [rounded, scale, zeroPoint], name)
    }

    /// An int16 node's activation: SiLU, HardSwish, or one that signed codes do not get by saturation.
    private mutating func activated(_ values: String, _ activation: Activation, _ output: Quantization, _ name: String) -> String {
        switch activation {
        case .silu: writer.node("Mul", [values, writer.node("Sigmoid", [values], name + "/sigmoid")], name + "/silu")
        case .hardSwish: writer.node("HardSwish", [values], name + "/hard_swish")
        case .relu, .relu6: output.precision == .int16 ? writer.node("Relu", [values], name + "/relu") : values
        case .sigmoid: writer.node("Sigmoid", [values], name + "/sigmoid")
        case .hardSigmoid: writer.node("HardSigmoid", [values], name + "/hard_sigmoid", [.float("alpha", 1 / 6), .float("beta", 0.5)])
        case .gelu: writer.node("Gelu", [values], name + "/gelu")
        case .geluTanh: writer.node("Gelu", [values], name + "/gelu", [.string("approximate", "tanh")])
        case .elu: writer.node("Elu", [values], name + "/elu")
        case .none, .prelu: values
        }
    }

    private mutating func bent(_ values: String, slope: [Float], _ name: String) -> String {
        writer.node("PRelu", [values, writer.constant(name + "/slope", slope, shape: [slope.count, 1, 1])], name + "/prelu")
    }

    /// The curve as a table of its 65536 codes, those of negative inputs last: where `Gather` finds them.
    private mutating func activated(_ values: String, _ curve: ActivationCurve, zeroPoint: UInt8, _ name: String) -> String {
        let scale = writer.scalar(name + "/curve/scale", curve.inputScale)
        let zero = writer.scalar(name + "/curve/zero_point", Int16(0))
        let inputs = writer.node("QuantizeLinear", [values, scale, zero], name + "/curve/input")
        let indices = writer.node("Cast", [inputs], name + "/curve/index", [.int("to", Int(ONNX.ElementType.int32.rawValue))])
        let codes = (0...UInt16.max).map { curve.code(Int16(bitPattern: $0), zeroPoint: zeroPoint) }
        let table = writer.constant(name + "/curve/table", codes, shape: [codes.count])
        return writer.node("Gather", [table, indices], name + "/codes")
    }

    mutating func maxPool(_ values: String, _ window: Window, _ name: String) -> String {
        writer.node("MaxPool", [values], name, window.onnxAttributes)
    }

    /// Bilinear upsampling of the logits to the image's size, and each pixel's class.
    private mutating func classMap(image: String) {
        guard let logits = outputs.last, let classes = network.graph.nodes.last?.channels else { return }
        let sizes: String
        if let size {
            sizes = writer.constant("classes/size", [1, Int64(classes), Int64(size.height), Int64(size.width)], shape: [4])
        } else {
            let maps = writer.node("Shape", [logits], "classes/maps", [.int("start", 0), .int("end", 2)])
            let sides = writer.node("Shape", [image], "classes/sides", [.int("start", 1), .int("end", 3)])
            sizes = writer.node("Concat", [maps, sides], "classes/size", [.int("axis", 0)])
        }
        let upsampled = writer.node(
            "Resize", [logits, "", "", sizes], "classes/logits",
            [.string("mode", "linear"), .string("coordinate_transformation_mode", network.description.upsampling.rawValue)])
        let indices = writer.node("ArgMax", [upsampled], "classes/indices", [.int("axis", 1), .int("keepdims", 0)])
        _ = writer.node("Cast", [indices], "classes", [.int("to", Int(ONNX.ElementType.uint8.rawValue))])
    }

    func error(_ node: Node, _ field: String, _ found: String, _ expected: String) -> NetworkError {
        NetworkError(file: file, field: "layer \(node.name): \(field)", found: found, expected: expected)
    }
}
