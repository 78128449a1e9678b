import ESegNetwork

/// Turns an ONNX graph into this project's: walks its nodes in order and tells what each tensor is, folding what belongs together.
struct NetworkImport {
    let file: String
    let model: ONNX.Model
    let options: ImportOptions
    private var initializers: [String: ONNX.Tensor] = [:]
    /// What each tensor is; constants are decoded when they are read.
    var values: [String: ImportedValue] = [:]
    /// Those that have no dimension of channels: [1, height, width].
    var planes: Set<String> = []
    /// What tensors are as functions of others' elements.
    var functions: [String: [ImportedFunction]] = [:]
    /// Sizes for the graph's image size, or for one that stands for all.
    var shapes: [String: Shape] = [:]
    /// How many read each tensor, the graph's output counting as one.
    private(set) var uses: [String: Int] = [:]
    private var aliases: [String: String] = [:]
    /// The image's size where the graph fixes it.
    private(set) var imageSize: MapSize?
    private var inputShape = Shape(height: 0, width: 0, channels: 3)

    var nodes = [Node(name: "image", operation: .image(Image()), inputs: [])]
    private var names: Set = ["image"]
    var parameters: [String: FloatTensor] = [:]
    /// Whether its two classes are what lies above a threshold and what does not.
    var isBinary = false
    /// How the logits are brought to the image's size.
    var upsampling = SamplePositions.halfPixel
    /// The graph's input · scale + offset is what the first convolution reads.
    var normalization: (scale: [Double], offset: [Double])?

    /// Why nodes cannot be imported, in the graph's order.
    private var refusals: [NetworkError] = []
    /// They, and those behind them.
    private(set) var omitted: [OmittedNode] = []
    /// Tensors that come of nodes that cannot.
    private var unknown: Set<String> = []

    private static let maximumNodes = 1 << 14
    /// Elements of all constants that are computed.
    var folded = 0
    /// How many tensors wait for each other, of those that are being made.
    var waiting = 0
    private static let opsets: ClosedRange<Int64> = 9...25
    /// The version of ONNX's operators.
    private(set) var opset = 0
    /// Where a graph leaves the size open: all ESeg levels have whole sizes.
    private static let openSize = (height: 1024, width: 1536)

    init(_ model: ONNX.Model, file: String, options: ImportOptions = ImportOptions()) {
        self.model = model
        self.file = file
        self.options = options
    }

    /// Reads the whole network. Throws every refusal at once.
    mutating func run() throws(NetworkError) {
        try walk()
        if var error = refusals.first {
            error.further = Array(refusals.dropFirst())
            throw error
        }
        try readOutput()
    }

    /// Takes what nodes it can. Throws where that is not to be tried.
    mutating func walk() throws(NetworkError) {
        guard let version = model.operatorSets[""], Self.opsets.contains(version) else {
            throw NetworkError(
                file: file, field: "opset_import", found: model.operatorSets[""].map { "\($0)" } ?? "none",
                expected: "opset \(Self.opsets.lowerBound) to \(Self.opsets.upperBound)")
        }
        opset = Int(version)
        guard model.graph.nodes.count <= Self.maximumNodes else {
            throw NetworkError(
                file: file, field: "graph.node", found: "\(model.graph.nodes.count) nodes", expected: "at most \(Self.maximumNodes)")
        }
        for tensor in model.graph.initializers { initializers[tensor.name] = tensor }
        try readInput()
        countUses()
        for node in model.graph.nodes { tryAdding(ImportedNode(node, file: file)) }
    }

    /// Of a node that reads what a refused one makes, only its operator is looked at.
    private mutating func tryAdding(_ node: ImportedNode) {
        do throws(NetworkError) {
            guard !node.node.inputs.contains(where: isUnknown) else {
                try requireKnown(node)
                return omit(node, .behind)
            }
            try add(node)
            try requireExtents(node)
        } catch {
            refusals.append(error)
            omit(node, .refused)
        }
    }

    /// What a node makes is unknown; a name that is left out is no tensor.
    private mutating func omit(_ node: ImportedNode, _ reason: OmittedNode.Reason) {
        omitted.append(OmittedNode(name: node.name, operation: node.node.operation, reason: reason))
        unknown.formUnion(node.node.outputs.filter { !$0.isEmpty }.map(resolved))
    }

    /// Whether a tensor comes of a node that could not be taken.
    func isUnknown(_ name: String) -> Bool { unknown.contains(resolved(name)) }

    private mutating func readInput() throws(NetworkError) {
        let inputs = model.graph.inputs.filter { initializers[$0.name] == nil }
        guard inputs.count == 1, let input = inputs.first else {
            throw NetworkError(file: file, field: "graph.input", found: "\(inputs.count) inputs", expected: "one, the image")
        }
        func error(_ found: String) -> NetworkError {
            NetworkError(
                file: file, field: "graph.input \(quoted(input.name))", found: found, expected: "float [1, 3, height, width], an RGB image")
        }
        guard input.type == ONNX.ElementType.float.rawValue else { throw error("element type \(input.type)") }
        guard let dims = input.dims, dims.count == 4 else { throw error("\(input.dims?.count ?? 0) dimensions") }
        var extents: [Int] = []
        for (dim, open) in zip(dims, [1, 3, Self.openSize.height, Self.openSize.width]) {
            switch dim {
            case .free: extents.append(open)
            case .fixed(let extent): extents.append(Int(extent))
            }
        }
        guard extents[0] == 1, extents[1] == 3, Graph.imageSides.contains(extents[2]), Graph.imageSides.contains(extents[3]) else {
            throw error("\(extents)")
        }
        inputShape = Shape(height: extents[2], width: extents[3], channels: 3)
        if case .fixed = dims[2], case .fixed = dims[3] { imageSize = MapSize(height: extents[2], width: extents[3]) }
        shapes[input.name] = inputShape
        values[input.name] = .image(scale: [1, 1, 1], offset: [0, 0, 0])
    }

    private mutating func countUses() {
        for node in model.graph.nodes {
            if ["Identity", "Dropout"].contains(node.operation), let input = node.inputs.first, let output = node.outputs.first {
                aliases[output] = resolved(input)
            } else if !["Shape", "Size"].contains(node.operation) {
                for input in node.inputs { uses[resolved(input), default: 0] += 1 }
            }
        }
        for output in model.graph.outputs { uses[resolved(output.name), default: 0] += 1 }
    }

    func resolved(_ name: String) -> String { aliases[name] ?? name }

    private mutating func add(_ node: ImportedNode) throws(NetworkError) {
        try node.require(
            ["", "ai.onnx"].contains(node.node.domain), "domain", found: quoted(node.node.domain), expected: "ONNX's own operators")
        guard let output = node.node.outputs.first, !output.isEmpty else { throw node.error("output", found: "none", expected: "one") }
        for extra in node.node.outputs.dropFirst() where uses[extra] != nil && node.node.operation != "Split" {
            throw node.error("output", found: "a reader of \(quoted(extra))", expected: "only the first output read")
        }
        for output in node.node.outputs where values[output] != nil || initializers[output] != nil {
            throw node.error("output", found: "\(quoted(output)) again", expected: "a tensor that no other node makes")
        }
        var inputs = node.node
        inputs.inputs = inputs.inputs.map(resolved)
        let node = ImportedNode(inputs, file: file)
        let constants = try constants(of: node)
        if aliases[output] != nil { return }
        if node.node.operation == "Constant" {
            try node.require(!node.has("sparse_value"), "sparse_value", found: "a sparse tensor", expected: "a dense one")
            values[output] = .constant(try node.constant())
        } else if ["Shape", "Size"].contains(node.node.operation) {
            values[output] = .constant(try shape(node))
        } else if let constants {
            try fold(node, constants)
        } else {
            if let function = try function(node, output) {
                values[output] = function
                return
            }
            for input in node.node.inputs { try settle(input) }
            try followPlanes(node, output)
            if node.node.operation == "Split" { return try split(node) }
            if let elements = try elements(node, output) {
                values[output] = elements
            } else {
                values[output] = try translated(node, output)
            }
        }
    }

    mutating func translated(_ node: ImportedNode, _ output: String) throws(NetworkError) -> ImportedValue {
        switch node.node.operation {
        case "Conv": try convolution(node, output)
        case "BatchNormalization": try batchNormalization(node, output)
        case "Relu": try activated(node, .relu, output)
        case "HardSwish": try activated(node, .hardSwish, output)
        case "Clip": try clip(node, output)
        case "Sigmoid": try sigmoid(node, output)
        case "Tanh": try hyperbolicTangent(node, output)
        case "Elu": try elu(node, output)
        case "Gelu": try gelu(node, output)
        case "HardSigmoid": try hardSigmoid(node, output)
        case "PRelu", "LeakyRelu": try leaky(node, output)
        case "Add", "Sub": try sum(node, output)
        case "Mul", "Div": try product(node, output)
        case "GlobalAveragePool", "ReduceMean": try mean(node, output)
        case "ConvTranspose": try transposedConvolution(node, output)
        case "DepthToSpace": try depthToSpace(node, output)
        case "Reshape", "Flatten", "Squeeze", "Unsqueeze": try reshape(node, output)
        case "Transpose": try transpose(node, output)
        case "Slice": try slice(node, output)
        case "Gemm": try gemm(node, output)
        case "Pad": try pad(node, output)
        case "Expand": try expand(node, output)
        case "AveragePool": try averagePool(node, output)
        case "MaxPool": try maxPool(node, output)
        case "Concat": try concat(node, output)
        case "Resize", "Upsample": try resize(node, output)
        case "ReduceMax": try greatest(node, output)
        case "Softmax": try softmax(node, output)
        case "ArgMax", "LogSoftmax", "Cast": try classes(node, output)
        default: throw unsupported(node)
        }
    }
}

// Tensors and nodes
extension NetworkImport {
    /// What a tensor is. Throws where no earlier node makes it: graphs are in order, and have no cycles.
    mutating func value(_ name: String, of node: ImportedNode) throws(NetworkError) -> ImportedValue {
        if let value = values[name] { return value }
        guard let tensor = initializers[name] else {
            throw node.error("input", found: quoted(name), expected: "the input, an initializer or an earlier node's output")
        }
        let place = "initializer \(quoted(name))"
        return .constant(try Constant(tensor, file: file, place: place))
    }

    /// The value of input `index`.
    mutating func input(_ index: Int, of node: ImportedNode) throws(NetworkError) -> (name: String, value: ImportedValue) {
        guard let name = node.input(index) else { throw node.error("input \(index)", found: "none", expected: "a tensor") }
        return (name, try value(name, of: node))
    }

    /// Input `index` as a constant, or nil where it is left out.
    mutating func constant(_ index: Int, of node: ImportedNode) throws(NetworkError) -> Constant? {
        guard node.input(index) != nil else { return try node.attribute(insteadOf: index) }
        guard case .constant(let constant) = try input(index, of: node).value else {
            throw node.error("input \(index)", found: "a computed tensor", expected: "a constant")
        }
        return constant
    }

    func shape(of name: String, _ node: ImportedNode) throws(NetworkError) -> Shape {
        guard let shape = shapes[name] else { throw node.error("input", found: quoted(name), expected: "a feature map") }
        return shape
    }

    var imageShape: Shape { inputShape }

    /// Appends a node under a name like the ONNX node's. Returns its index.
    mutating func append(_ name: String, _ operation: Operation, _ inputs: [Int]) -> Int {
        nodes.append(Node(name: name, operation: operation, inputs: inputs))
        names.insert(name)
        return nodes.count - 1
    }

    /// A node's name: the ONNX node's without its operator, such as "backbone/stem/conv".
    func label(_ node: ImportedNode) -> String {
        var parts = node.node.name.split(separator: "/")
        if parts.count > 1, parts.last?.hasPrefix(node.node.operation) == true { parts.removeLast() }
        let base = parts.isEmpty ? node.node.operation : parts.joined(separator: "/")
        return base.utf8.count <= 200 ? unique(base) : unique("")
    }

    /// The name itself if no node has it yet, or else one that tells the node's index.
    func unique(_ name: String) -> String {
        guard name.isEmpty || names.contains(name) else { return name }
        var candidate = "node\(nodes.count)"
        while names.contains(candidate) { candidate += "_" }
        return candidate
    }

    private mutating func shape(_ node: ImportedNode) throws(NetworkError) -> Constant {
        let (name, value) = try input(0, of: node)
        var extents: [Int]
        if case .constant(let constant) = value {
            extents = constant.shape
        } else {
            let shape = try shape(of: name, node)
            extents = planes.contains(name) ? [1, shape.height, shape.width] : [1, shape.channels, shape.height, shape.width]
        }
        if node.node.operation == "Size" { return Constant(shape: [], values: .ints([extents.reduce(1, *)])) }
        let (start, end) = (try node.int("start", default: 0), try node.int("end", default: extents.count))
        func clamped(_ index: Int) -> Int { min(max(index < 0 ? index &+ extents.count : index, 0), extents.count) }
        extents = Array(extents[clamped(start)..<max(clamped(start), clamped(end))])
        return Constant(shape: [extents.count], values: .ints(extents))
    }
}
