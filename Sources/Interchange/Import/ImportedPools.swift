import ESegNetwork

// Windows
extension NetworkImport {
    /// The window that a node's attributes describe; where they leave the padding to the size, that of `shape`.
    func window(_ node: ImportedNode, kernel: [Int], over shape: Shape) throws(NetworkError) -> Window {
        let strides = try node.ints("strides", default: [1, 1]), dilations = try node.ints("dilations", default: [1, 1])
        let automatic = try node.string("auto_pad", default: "NOTSET")
        var pads = try node.ints("pads", default: [0, 0, 0, 0])
        typealias Limits = Window.Axis.Limits
        for (field, values, range) in [("strides", strides, Limits.strides), ("dilations", dilations, Limits.dilations)] {
            try node.require(values.count == 2 && values.allSatisfy(range.contains), field, found: "\(values)", expected: "two in \(range)")
        }
        try node.require(kernel.count == 2, "kernel_shape", found: "\(kernel)", expected: "height and width")
        switch automatic {
        case "NOTSET": break
        case "VALID": pads = [0, 0, 0, 0]
        case "SAME_UPPER", "SAME_LOWER":
            let sides = zip([shape.height, shape.width], 0..<2).map { extent, axis in
                let reach = (kernel[axis] - 1) * dilations[axis] + 1, steps = (extent + strides[axis] - 1) / strides[axis]
                return max((steps - 1) * strides[axis] + reach - extent, 0)
            }
            let begins = sides.map { automatic == "SAME_LOWER" ? ($0 + 1) / 2 : $0 / 2 }
            pads = begins + zip(sides, begins).map { $0 - $1 }
        default: throw node.error("auto_pad", found: quoted(automatic), expected: "NOTSET, VALID, SAME_UPPER or SAME_LOWER")
        }
        let limit = Limits.padding
        try node.require(pads.count == 4 && pads.allSatisfy(limit.contains), "pads", found: "\(pads)", expected: "four in \(limit)")
        func axis(_ i: Int) -> Window.Axis {
            Window.Axis(kernel: kernel[i], stride: strides[i], dilation: dilations[i], before: pads[i], after: pads[i + 2])
        }
        return Window(rows: axis(0), columns: axis(1))
    }

    /// Notes the shape of what slides a window over a map. Throws where it does not fit.
    mutating func setShape(
        _ output: String, _ window: Window, over shape: Shape, channels: Int, _ node: ImportedNode
    ) throws(NetworkError) {
        let height = window.rows.steps(over: shape.height), width = window.columns.steps(over: shape.width)
        try node.require(
            height > 0 && width > 0, "kernel_shape",
            found: "[\(window.rows.reach), \(window.columns.reach)] over \(shape.width)x\(shape.height)",
            expected: "one that fits into the padded map")
        shapes[output] = Shape(height: height, width: width, channels: channels)
    }
}

// Pools
extension NetworkImport {
    mutating func maxPool(_ node: ImportedNode, _ output: String) throws(NetworkError) -> ImportedValue {
        let name = try input(0, of: node).name, shape = try shape(of: name, node)
        let window = try poolWindow(node, over: shape).window
        try setShape(output, window, over: shape, channels: shape.channels, node)
        let source = try force(name, node), pool = MaxPool(channels: shape.channels, window: window)
        if uses[output] == 1, pool == MaxPool(channels: shape.channels) { return .pooled(source) }
        return .feature(append(unique(label(node)), .maxPool(pool), [source]))
    }

    mutating func averagePool(_ node: ImportedNode, _ output: String) throws(NetworkError) -> ImportedValue {
        let name = try input(0, of: node).name, shape = try shape(of: name, node), (window, isExtended) = try poolWindow(node, over: shape)
        let countsPadding = try node.int("count_include_pad", default: 0) == 1
        try node.require(!isExtended || !countsPadding, "ceil_mode", found: "1 with count_include_pad", expected: "one of them")
        try setShape(output, window, over: shape, channels: shape.channels, node)
        let source = try force(name, node)
        let hasPadding = [window.rows, window.columns].contains { $0.before > 0 || $0.after > 0 }
        if !hasPadding, window.rows.kernel == shape.height, window.columns.kernel == shape.width {
            return .feature(append(unique(label(node)), .globalAveragePool(GlobalAveragePool(channels: shape.channels)), [source]))
        }
        let pool = AveragePool(channels: shape.channels, window: window, countsPadding: countsPadding || !hasPadding)
        return .feature(append(unique(label(node)), .averagePool(pool), [source]))
    }

    /// The window, and whether rounding up made it go past the padding.
    private func poolWindow(_ node: ImportedNode, over shape: Shape) throws(NetworkError) -> (window: Window, isExtended: Bool) {
        let kernel = try node.ints("kernel_shape", default: []), limit = Graph.Limits.poolKernels
        try node.require(
            kernel.count == 2 && kernel.allSatisfy(limit.contains), "kernel_shape", found: "\(kernel)", expected: "two in \(limit)")
        var window = try window(node, kernel: kernel, over: shape)
        guard try node.int("ceil_mode", default: 0) == 1 else { return (window, false) }
        let before = window
        window.rows.roundUp(over: shape.height)
        window.columns.roundUp(over: shape.width)
        return (window, window != before)
    }

    /// The mean over all pixels, or over some channels.
    mutating func mean(_ node: ImportedNode, _ output: String) throws(NetworkError) -> ImportedValue {
        let name = try input(0, of: node).name, shape = try shape(of: name, node)
        if node.node.operation == "ReduceMean" {
            var axes = try node.ints("axes", default: [])
            if let constant = try constant(1, of: node) { axes = constant.ints ?? [] }
            let reduced = Set(axes.map { $0 < 0 ? $0 &+ 4 : $0 })
            if reduced == [1] { return try channelMean(node, name, output) }
            try node.require(try node.int("keepdims", default: 1) == 1, "keepdims", found: "0", expected: "1")
            try node.require(reduced == [2, 3], "axes", found: "\(axes)", expected: "height and width, [2, 3], or the channels, [1]")
        }
        shapes[output] = Shape(height: 1, width: 1, channels: shape.channels)
        let source = try force(name, node)
        return .feature(append(label(node), .globalAveragePool(GlobalAveragePool(channels: shape.channels)), [source]))
    }

    /// A 1×1 convolution whose weights are all alike.
    private mutating func channelMean(_ node: ImportedNode, _ name: String, _ output: String) throws(NetworkError) -> ImportedValue {
        let shape = try shape(of: name, node), source = try force(name, node)
        try reduceChannels(node, shape, output)
        return .linear(
            ImportedConvolution(
                name: label(node), input: source, inputChannels: shape.channels, outputChannels: 1, window: Window(kernel: 1, stride: 1),
                isDepthwise: false, weights: [Float](repeating: 1 / Float(shape.channels), count: shape.channels), scale: [1], offset: [0]))
    }
}

extension Window.Axis {
    /// Takes one more step where the last would else leave samples out, if that step begins inside the map or the padding before it.
    fileprivate mutating func roundUp(over extent: Int) {
        let room = extent + before + after - reach
        guard room >= 0, room % stride != 0 else { return }
        let next = (room / stride + 1) * stride
        guard next < extent + before else { return }
        after += next - room
    }
}
