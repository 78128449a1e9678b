import ESegNetwork

extension NetworkImport {
    mutating func maxPool(_ node: ImportedNode, _ output: String) throws(NetworkError) -> ImportedValue {
        let (name, _) = try input(0, of: node)
        let expected = [("kernel_shape", [3, 3]), ("strides", [2, 2]), ("pads", [1, 1, 1, 1]), ("dilations", [1, 1])]
        for (field, values) in expected {
            let found = try node.ints(field, default: field == "dilations" ? values : [])
            try node.require(found == values, field, found: "\(found)", expected: "\(values)")
        }
        try node.require(try node.int("ceil_mode", default: 0) == 0, "ceil_mode", found: "1", expected: "0")
        let shape = try shape(of: name, node)
        shapes[output] = Shape(height: (shape.height + 1) / 2, width: (shape.width + 1) / 2, channels: shape.channels)
        let source = try force(name, node)
        if uses[output] == 1 { return .pooled(source) }
        return .feature(append(unique(label(node)), .maxPool(MaxPool(channels: shape.channels)), [source]))
    }

    mutating func mean(_ node: ImportedNode, _ output: String) throws(NetworkError) -> ImportedValue {
        let (name, _) = try input(0, of: node)
        if node.node.operation == "ReduceMean" {
            var axes = try node.ints("axes", default: [])
            if let constant = try constant(1, of: node) { axes = constant.ints ?? [] }
            try node.require(
                Set(axes.map { $0 < 0 ? $0 &+ 4 : $0 }) == [2, 3], "axes", found: "\(axes)", expected: "height and width, [2, 3]")
            try node.require(try node.int("keepdims", default: 1) == 1, "keepdims", found: "0", expected: "1")
        }
        return .gate(ImportedGate(node: try force(name, node)))
    }

    /// Nearest: a step up in a sum. Linear: the logits' way to the image's size.
    mutating func resize(_ node: ImportedNode, _ output: String) throws(NetworkError) -> ImportedValue {
        let (name, _) = try input(0, of: node)
        let shape = try shape(of: name, node), size = try newSize(node, shape)
        let mode = try node.string("mode", default: "nearest")
        let coordinates = try node.string("coordinate_transformation_mode", default: "half_pixel")
        shapes[output] = size
        switch mode {
        case "nearest":
            let rounding = try node.string("nearest_mode", default: "round_prefer_floor")
            try node.require(
                coordinates == "asymmetric", "coordinate_transformation_mode", found: quoted(coordinates), expected: "asymmetric")
            try node.require(rounding == "floor", "nearest_mode", found: quoted(rounding), expected: "floor")
            try node.require(
                (size.height + 1) / 2 == shape.height && (size.width + 1) / 2 == shape.width, "sizes",
                found: "\(shape.width)x\(shape.height) to \(size.width)x\(size.height)", expected: "twice the size, or one less")
            return .upsampled(name)
        case "linear":
            try node.require(
                ["half_pixel", "pytorch_half_pixel"].contains(coordinates), "coordinate_transformation_mode", found: quoted(coordinates),
                expected: "half_pixel")
            try node.require(
                size.height == imageShape.height && size.width == imageShape.width, "sizes", found: "\(size.width)x\(size.height)",
                expected: "the image's, \(imageShape.width)x\(imageShape.height)")
            return .classes(try force(name, node))
        default: throw node.error("mode", found: quoted(mode), expected: "nearest or linear")
        }
    }

    private mutating func newSize(_ node: ImportedNode, _ shape: Shape) throws(NetworkError) -> Shape {
        let extents = [1, shape.channels, shape.height, shape.width]
        var sizes = try constant(3, of: node)?.ints ?? []
        if sizes.isEmpty, let scales = try constant(2, of: node)?.floats {
            try node.require(
                scales.count == 4 && scales.allSatisfy { $0 > 0 && $0 < 4096 }, "scales", found: "\(scales)", expected: "four, up to 4096")
            sizes = zip(extents, scales).map { Int(Float($0) * $1) }
        }
        try node.require(
            sizes.count == 4 && sizes[0] == 1 && sizes[1] == shape.channels && sizes[2...].allSatisfy { (1..<1 << 20).contains($0) },
            "sizes", found: "\(sizes)", expected: "[1, \(shape.channels), height, width]")
        return Shape(height: sizes[2], width: sizes[3], channels: shape.channels)
    }

    /// What follows the logits and leaves each pixel's class as it is.
    mutating func classes(_ node: ImportedNode, _ output: String) throws(NetworkError) -> ImportedValue {
        let (name, value) = try input(0, of: node)
        if node.node.operation == "ArgMax" || node.node.operation.hasSuffix("Softmax") {
            let axis = try node.int("axis", default: node.node.operation == "ArgMax" ? 0 : -1)
            try node.require(axis == 1 || axis == -3, "axis", found: "\(axis)", expected: "1, the classes")
        }
        shapes[output] = shapes[name]
        if case .classes(let classifier) = value { return .classes(classifier) }
        return .classes(try force(name, node))
    }
}
