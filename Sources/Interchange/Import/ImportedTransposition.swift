import ESegNetwork

// Transposed convolutions
extension NetworkImport {
    /// A transposed convolution is a convolution that gives a block of pixels at once, one after the other in its channels.
    ///
    /// Pixel y = s · q + r reads input q + t with the kernel's sample r + p − s · t, for those t that give one.
    mutating func transposedConvolution(_ node: ImportedNode, _ output: String) throws(NetworkError) -> ImportedValue {
        let name = try input(0, of: node).name, shape = try shape(of: name, node), weights = try weights(of: node)
        let groups = try node.int("group", default: 1), strides = try node.ints("strides", default: [1, 1])
        try node.require(groups == 1, "group", found: "\(groups)", expected: "1")
        try node.require(weights.shape[0] == shape.channels, "weights", found: "\(weights.shape)", expected: "\(shape.channels) inputs")
        try node.require(
            strides.count == 2 && strides[0] == strides[1] && DepthToSpace.blocks.contains(strides[0]), "strides", found: "\(strides)",
            expected: "two alike in \(DepthToSpace.blocks)")
        let dilations = try node.ints("dilations", default: [1, 1])
        try node.require(dilations == [1, 1], "dilations", found: "\(dilations)", expected: "[1, 1]")
        let stride = strides[0], outputs = weights.shape[1], bias = try bias(of: node, count: outputs)
        let rows = try phases(node, axis: 0, kernel: weights.shape[2], stride: stride, extent: shape.height)
        let columns = try phases(node, axis: 1, kernel: weights.shape[3], stride: stride, extent: shape.width)
        let channels = outputs * stride * stride, limit = Graph.Limits.channels
        try node.require(
            limit.contains(channels), "weights", found: "\(outputs) channels for blocks of \(stride)x\(stride)",
            expected: "\(limit) in a block")
        try requireWeights(channels, shape.channels, rows.axis.kernel * columns.axis.kernel, node)
        let source = try force(name, node)
        let blocks = ImportedConvolution(
            name: label(node), input: source, inputChannels: shape.channels, outputChannels: outputs * stride * stride,
            window: Window(rows: rows.axis, columns: columns.axis), isDepthwise: false,
            weights: Self.blockWeights(weights, rows, columns, stride: stride),
            scale: [Double](repeating: 1, count: outputs * stride * stride),
            offset: (0..<stride * stride).flatMap { _ in bias.map { Double($0) } })
        shapes[output] = Shape(height: rows.steps * stride, width: columns.steps * stride, channels: outputs)
        return .blocks(blocks, DepthToSpace(channels: outputs, block: stride))
    }

    /// The samples of the input that the pixels of a block read along one axis.
    private struct Phases {
        let axis: Window.Axis
        let steps: Int
        let padding: Int
        /// The least t.
        let first: Int
    }

    private func phases(_ node: ImportedNode, axis: Int, kernel: Int, stride: Int, extent: Int) throws(NetworkError) -> Phases {
        let pads = try node.ints("pads", default: [0, 0, 0, 0]), extra = try node.ints("output_padding", default: [0, 0])
        let automatic = try node.string("auto_pad", default: "NOTSET"), given = try node.ints("output_shape", default: [])
        try node.require(pads.count == 4 && extra.count == 2, "pads", found: "\(pads)", expected: "four, and two of output_padding")
        var (before, after) = (pads[axis], pads[axis + 2])
        let range = 0..<kernel
        try node.require(
            (0..<stride).contains(extra[axis]) && given.allSatisfy { ResizeTarget.extents.contains($0) }, "output_padding",
            found: "\(extra), output_shape \(given)", expected: "less than the stride, and a shape in \(ResizeTarget.extents)")
        if automatic.hasPrefix("SAME") || given.count == 2 {
            let size = given.count == 2 ? given[axis] : extent * stride
            let total = (extent - 1) * stride + kernel + extra[axis] - size
            try node.require(total >= 0 && total < 2 * kernel, "output_shape", found: "\(size)", expected: "at most what the kernel covers")
            (before, after) = automatic == "SAME_LOWER" ? (total - total / 2, total / 2) : (total / 2, total - total / 2)
        }
        try node.require(
            range.contains(before) && range.contains(after), "pads", found: "\(pads)", expected: "less than the kernel")
        let size = (extent - 1) * stride + kernel - before - after + extra[axis]
        try node.require(
            size > 0 && size % stride == 0, "pads", found: "an output of \(size)", expected: "a multiple of the stride, \(stride)")
        var (first, last) = (Int.max, Int.min)
        for phase in 0..<stride {
            for sample in range where (phase + before - sample) % stride == 0 {
                let t = (phase + before - sample) / stride
                (first, last) = (min(first, t), max(last, t))
            }
        }
        try node.require(first <= last, "kernel_shape", found: "\(kernel)", expected: "at least 1")
        let steps = size / stride, reach = last - first + 1
        let padding = (before: -first, after: steps - extent + reach - 1 + first)
        try node.require(
            (0..<reach).contains(padding.before) && (0..<reach).contains(padding.after), "pads", found: "\(pads) for a kernel of \(kernel)",
            expected: "a kernel that covers the output's edges")
        return Phases(
            axis: Window.Axis(kernel: reach, before: padding.before, after: padding.after), steps: steps, padding: before, first: first)
    }

    /// [in, out, kh, kw] to [phase row, phase column, out][in][rows][columns].
    private static func blockWeights(_ weights: Constant, _ rows: Phases, _ columns: Phases, stride: Int) -> [Float] {
        let (inputs, outputs, height, width) = (weights.shape[0], weights.shape[1], weights.shape[2], weights.shape[3])
        let values = weights.floats, taps = rows.axis.kernel * columns.axis.kernel
        var blocks = [Float](repeating: 0, count: stride * stride * outputs * inputs * taps)
        func sample(_ phases: Phases, _ phase: Int, _ k: Int) -> Int { phase + phases.padding - stride * (k + phases.first) }
        for (i, j) in (0..<stride).flatMap({ i in (0..<stride).map { (i, $0) } }) {
            for y in 0..<rows.axis.kernel where (0..<height).contains(sample(rows, i, y)) {
                for x in 0..<columns.axis.kernel where (0..<width).contains(sample(columns, j, x)) {
                    let from = sample(rows, i, y) * width + sample(columns, j, x), tap = y * columns.axis.kernel + x
                    for input in 0..<inputs {
                        for output in 0..<outputs {
                            let to = (((i * stride + j) * outputs + output) * inputs + input) * taps + tap
                            blocks[to] = values[(input * outputs + output) * height * width + from]
                        }
                    }
                }
            }
        }
        return blocks
    }
}

// Channels to pixels
extension NetworkImport {
    mutating func depthToSpace(_ node: ImportedNode, _ output: String) throws(NetworkError) -> ImportedValue {
        let name = try input(0, of: node).name, shape = try shape(of: name, node)
        let block = try node.int("blocksize", default: 0), mode = try node.string("mode", default: "DCR"), blocks = DepthToSpace.blocks
        try node.require(
            blocks.contains(block) && shape.channels % (block * block) == 0, "blocksize", found: "\(block)",
            expected: "one in \(blocks) whose square divides \(shape.channels)")
        try node.require(["DCR", "CRD"].contains(mode), "mode", found: quoted(mode), expected: "DCR or CRD")
        let channels = shape.channels / (block * block)
        shapes[output] = Shape(height: shape.height * block, width: shape.width * block, channels: channels)
        var source = try force(name, node)
        if mode == "CRD" {
            let order = (0..<block * block).flatMap { phase in (0..<channels).map { $0 * block * block + phase } }
            source = try append(unique(label(node) + ".order"), selecting: order, of: source, node)
        }
        return .feature(append(label(node), .depthToSpace(DepthToSpace(channels: channels, block: block)), [source]))
    }

    /// A node that gives some channels of another; that itself where it would give all as they are.
    mutating func append(_ name: String, selecting channels: [Int], of input: Int, _ node: ImportedNode) throws(NetworkError) -> Int {
        let count = nodes[input].channels
        if channels == Array(0..<count) { return input }
        return append(name, .channelSelection(ChannelSelection(inputChannels: count, selected: channels)), [input])
    }
}
