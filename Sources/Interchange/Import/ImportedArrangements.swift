import ESegNetwork

/// A map whose channels are looked at in two dimensions, as [1, first, second, height, width]; of each of them, the source's channel.
struct ImportedView {
    let source: String
    var first: Int
    var second: Int
    var channels: [Int]
}

extension NetworkImport {
    /// Vectors are maps of one pixel here: between [1, channels] and [1, channels, 1, 1] nothing changes.
    mutating func reshape(_ node: ImportedNode, _ output: String) throws(NetworkError) -> ImportedValue {
        let (name, value) = try input(0, of: node), shape = try shape(of: name, node)
        if planes.contains(name) { return try same(name, shape, output, node) }
        let target = try newExtents(node, shape)
        if case .view(let view) = value {
            try node.require(
                target == [1, shape.channels, shape.height, shape.width], "shape", found: "\(target)",
                expected: "[1, \(shape.channels), \(shape.height), \(shape.width)], as it was")
            shapes[output] = shape
            let source = try force(view.source, node)
            return .feature(try append(label(node), selecting: view.channels, of: source, node))
        }
        if target.count == 5, target[1] * target[2] == shape.channels, Array(target[3...]) == [shape.height, shape.width], target[0] == 1 {
            shapes[output] = shape
            return .view(ImportedView(source: name, first: target[1], second: target[2], channels: Array(0..<shape.channels)))
        }
        let isVector = shape.pixels == 1 && target.filter { $0 != 1 } == [shape.channels].filter { $0 != 1 }
        try node.require(
            isVector || target == [1, shape.channels, shape.height, shape.width], "shape",
            found: "[1, \(shape.channels), \(shape.height), \(shape.width)] to \(target)",
            expected: "channels split in two, or a vector of a map of one pixel")
        return try same(name, shape, output, node)
    }

    /// The tensor under another name.
    mutating func same(_ name: String, _ shape: Shape, _ output: String, _ node: ImportedNode) throws(NetworkError) -> ImportedValue {
        shapes[output] = shape
        if uses[name] == 1, let value = values[name] { return value }
        return .feature(try force(name, node))
    }

    /// Integers of an input, or of an attribute in older operator sets.
    private mutating func integers(
        _ index: Int, _ attribute: String, of node: ImportedNode, default values: [Int] = []
    ) throws(NetworkError) -> [Int] {
        guard let constant = try constant(index, of: node) else { return try node.ints(attribute, default: values) }
        guard let integers = constant.ints else { throw node.error(attribute, found: "floats", expected: "integers") }
        return integers
    }

    private mutating func newExtents(_ node: ImportedNode, _ shape: Shape) throws(NetworkError) -> [Int] {
        let extents = [1, shape.channels, shape.height, shape.width]
        switch node.node.operation {
        case "Flatten":
            let axis = try node.int("axis", default: 1)
            try node.require(axis == 1, "axis", found: "\(axis)", expected: "1")
            return [1, shape.count]
        case "Squeeze", "Unsqueeze": return [1, shape.count]
        default: break
        }
        var target = try integers(1, "shape", of: node)
        try node.require(!target.isEmpty, "shape", found: "none", expected: "a constant")
        for (i, extent) in target.enumerated() where extent == 0 && i < 4 { target[i] = extents[i] }
        if let open = target.firstIndex(of: -1) {
            let known = Constant.count(target.enumerated().filter { $0.offset != open }.map(\.element)) ?? 0
            if known > 0, shape.count % known == 0 { target[open] = shape.count / known }
        }
        try node.require(Constant.count(target) == shape.count, "shape", found: "\(target)", expected: "\(shape.count) values")
        return target
    }

    /// Of a map whose channels are looked at in two dimensions: these change places, as in a shuffle.
    mutating func transpose(_ node: ImportedNode, _ output: String) throws(NetworkError) -> ImportedValue {
        let (name, value) = try input(0, of: node), shape = try shape(of: name, node), order = try node.ints("perm", default: [])
        if order == [0, 1, 2, 3] { return try same(name, shape, output, node) }
        guard case .view(var view) = value, order == [0, 2, 1, 3, 4] else {
            throw node.error("perm", found: "\(order)", expected: "[0, 2, 1, 3, 4] of channels in two dimensions: a shuffle")
        }
        let channels = view.channels
        view.channels = (0..<view.second).flatMap { second in (0..<view.first).map { channels[$0 * view.second + second] } }
        (view.first, view.second) = (view.second, view.first)
        shapes[output] = shape
        return .view(view)
    }

    /// Parts of a map's channels, one for each output.
    mutating func split(_ node: ImportedNode) throws(NetworkError) {
        let name = try input(0, of: node).name, shape = try shape(of: name, node), axis = try node.int("axis", default: 0)
        try node.require(axis == 1 || axis == -3, "axis", found: "\(axis)", expected: "1, the channels")
        let count = node.node.outputs.count
        var parts = try integers(1, "split", of: node)
        if parts.isEmpty {
            let each = (shape.channels + count - 1) / max(count, 1)
            parts = (0..<count).map { min(each, shape.channels - $0 * each) }
        }
        try node.require(
            parts.count == count && parts.allSatisfy { $0 > 0 && $0 <= shape.channels } && parts.reduce(0, +) == shape.channels, "split",
            found: "\(parts)", expected: "\(count) that add up to \(shape.channels)")
        let source = try force(name, node)
        var first = 0
        for (output, part) in zip(node.node.outputs, parts) {
            if !output.isEmpty, uses[output] != nil {
                values[output] = .feature(try append(unique(label(node)), selecting: Array(first..<first + part), of: source, node))
                shapes[output] = Shape(height: shape.height, width: shape.width, channels: part)
            }
            first += part
        }
    }

    /// Some of a map's channels.
    mutating func slice(_ node: ImportedNode, _ output: String) throws(NetworkError) -> ImportedValue {
        let name = try input(0, of: node).name, shape = try shape(of: name, node)
        let starts = try integers(1, "starts", of: node)
        let ends = try integers(2, "ends", of: node)
        let axes = try integers(3, "axes", of: node, default: Array(starts.indices))
        let steps = try constant(4, of: node)?.ints ?? [1]
        try node.require(
            starts.count == 1 && ends.count == 1 && axes.count == 1 && (axes[0] == 1 || axes[0] == -3) && steps.count == 1 && steps[0] > 0,
            "axes", found: "\(axes), steps \(steps)", expected: "the channels alone, [1], in rising order")
        func bounded(_ index: Int) -> Int { min(max(index < 0 ? index &+ shape.channels : index, 0), shape.channels) }
        let channels = Array(Swift.stride(from: bounded(starts[0]), to: bounded(ends[0]), by: min(steps[0], shape.channels)))
        try node.require(!channels.isEmpty, "starts", found: "no channels", expected: "at least one")
        shapes[output] = Shape(height: shape.height, width: shape.width, channels: channels.count)
        let source = try force(name, node)
        return .feature(try append(label(node), selecting: channels, of: source, node))
    }

    /// A matrix times a vector: a 1×1 convolution of a map of one pixel.
    mutating func gemm(_ node: ImportedNode, _ output: String) throws(NetworkError) -> ImportedValue {
        let name = try input(0, of: node).name, shape = try shape(of: name, node)
        guard let matrix = try constant(1, of: node), matrix.shape.count == 2 else {
            throw node.error("input 1", found: "no constant matrix", expected: "weights [out, in]")
        }
        let isTransposed = try node.int("transB", default: 0) == 1
        let outputs = isTransposed ? matrix.shape[0] : matrix.shape[1], inputs = isTransposed ? matrix.shape[1] : matrix.shape[0]
        try node.require(
            shape.pixels == 1 && inputs == shape.channels && Graph.Limits.channels.contains(outputs), "weights",
            found: "\(matrix.shape) for a map of \(shape.width)x\(shape.height) and \(shape.channels) channels",
            expected: "a vector of \(inputs)")
        try node.require(try node.int("transA", default: 0) == 0, "transA", found: "1", expected: "0")
        let alpha = Double(try node.float("alpha", default: 1)), beta = Double(try node.float("beta", default: 1))
        let bias = try bias(of: node, count: outputs).map { Double($0) * beta }, values = matrix.floats
        try requireFinite(values, "weights", node)
        let weights = isTransposed ? values : (0..<outputs * inputs).map { values[$0 % inputs * outputs + $0 / inputs] }
        let source = try force(name, node)
        shapes[output] = Shape(height: 1, width: 1, channels: outputs)
        return .linear(
            ImportedConvolution(
                name: label(node), input: source, inputChannels: inputs, outputChannels: outputs, window: Window(kernel: 1, stride: 1),
                isDepthwise: false, weights: weights, scale: [Double](repeating: alpha, count: outputs), offset: bias))
    }

    /// A map of one pixel repeated to a size, or one of one channel to several.
    mutating func expand(_ node: ImportedNode, _ output: String) throws(NetworkError) -> ImportedValue {
        let name = try input(0, of: node).name, shape = try shape(of: name, node)
        guard let target = try constant(1, of: node)?.ints, target.count == 4, target[0] == 1, Graph.Limits.channels.contains(target[1]),
            [1, shape.channels].contains(target[1]) || shape.channels == 1,
            target[2...].allSatisfy({ ResizeTarget.extents.contains($0) })
        else { throw node.error("shape", found: "another", expected: "[1, \(shape.channels), height, width]") }
        if shape.channels == 1, target[1] > 1 {
            let fits = [1, shape.height].contains(target[2]) && [1, shape.width].contains(target[3])
            try node.require(fits, "shape", found: "\(target) of \(shape)", expected: "more channels, or a greater size, not both")
            shapes[output] = Shape(height: shape.height, width: shape.width, channels: target[1])
            return .spread(name, channels: target[1])
        }
        let size = Shape(height: max(target[2], shape.height), width: max(target[3], shape.width), channels: shape.channels)
        if size == shape { return try same(name, shape, output, node) }
        try node.require(shape.pixels == 1, "input", found: "\(shape)", expected: "a map of one pixel")
        shapes[output] = size
        let resize = Resize(channels: shape.channels, target: .size(MapSize(height: size.height, width: size.width)))
        let source = try force(name, node)
        return .feature(append(label(node), .resize(resize), [source]))
    }
}
