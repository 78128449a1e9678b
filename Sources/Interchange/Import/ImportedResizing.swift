import ESegNetwork

extension NetworkImport {
    /// A resize to any size, nearest or bilinear.
    mutating func resize(_ node: ImportedNode, _ output: String) throws(NetworkError) -> ImportedValue {
        let (name, _) = try input(0, of: node)
        let shape = try shape(of: name, node), (target, size) = try resizeTarget(node, shape)
        let mode = try node.string("mode", default: "nearest")
        let coordinates = try node.string("coordinate_transformation_mode", default: isEarlyResize ? "asymmetric" : "half_pixel")
        shapes[output] = size
        if size == shape { return .feature(try force(name, node)) }
        switch mode {
        case "nearest":
            try requireFloor(node, coordinates, from: shape, to: size)
            return .upsampled(name, target)
        case "linear":
            let source = try force(name, node), positions = try positions(node, coordinates, size)
            let resize = BilinearResize(channels: shape.channels, target: target, positions: positions)
            return .resized(ImportedResize(name: label(node), input: source, resize: resize))
        default: throw node.error("mode", found: quoted(mode), expected: "nearest or linear")
        }
    }

    /// Whether resizes are of operator sets that did not tell positions.
    private var isEarlyResize: Bool { (model.operatorSets[""] ?? 0) < 11 }

    /// Throws unless each pixel is the one at floor(dst · in / out): so it is by definition, or where whole pixels are repeated.
    private func requireFloor(_ node: ImportedNode, _ coordinates: String, from shape: Shape, to size: Shape) throws(NetworkError) {
        let rounding = try node.string("nearest_mode", default: isEarlyResize ? "floor" : "round_prefer_floor")
        if coordinates == "asymmetric", rounding == "floor" { return }
        let repeats = size.height % shape.height == 0 && size.width % shape.width == 0
        let isCentered = ["half_pixel", "pytorch_half_pixel", "half_pixel_symmetric"].contains(coordinates)
        try node.require(
            repeats && isCentered && rounding.hasPrefix("round_prefer"), "coordinate_transformation_mode and nearest_mode",
            found: "\(quoted(coordinates)) and \(quoted(rounding)), \(shape.width)x\(shape.height) to \(size.width)x\(size.height)",
            expected: "asymmetric and floor, or half_pixel with round_prefer_floor to a multiple of the size")
    }

    private func positions(_ node: ImportedNode, _ coordinates: String, _ size: Shape) throws(NetworkError) -> SamplePositions {
        switch coordinates {
        case "half_pixel": return .halfPixel
        case "align_corners": return .alignCorners
        case "asymmetric": return .asymmetric
        // Like half_pixel, but that a single sample lies at 0.
        case "pytorch_half_pixel" where size.height > 1 && size.width > 1: return .halfPixel
        default:
            throw node.error(
                "coordinate_transformation_mode", found: quoted(coordinates), expected: "half_pixel, align_corners or asymmetric")
        }
    }

    /// Where the scales make the same of the size as whole numbers would, positions are the same too.
    private mutating func resizeTarget(_ node: ImportedNode, _ shape: Shape) throws(NetworkError) -> (ResizeTarget, Shape) {
        let extents = [1, shape.channels, shape.height, shape.width]
        let isUpsample = node.node.operation == "Upsample"
        var sizes = isUpsample ? [] : try constant(3, of: node)?.ints ?? []
        var target: ResizeTarget?
        if sizes.isEmpty {
            var scales = try constant(isUpsample || node.node.inputs.count == 2 ? 1 : 2, of: node)?.floats ?? []
            if scales.isEmpty { scales = try node.floats("scales", default: []) }
            try node.require(
                scales.count == 4 && scales[0] == 1 && scales[1] == 1 && scales[2...].allSatisfy { ResizeTarget.scales.contains($0) },
                "scales", found: "\(scales)", expected: "[1, 1, height, width], each in \(ResizeTarget.scales)")
            sizes = zip(extents, scales).map { Int(Float($0) * $1) }
            target = .scales(height: scales[2], width: scales[3])
        }
        try node.require(
            sizes.count == 4 && sizes[0] == 1 && sizes[1] == shape.channels && sizes[2...].allSatisfy { ResizeTarget.extents.contains($0) },
            "sizes", found: "\(sizes)", expected: "[1, \(shape.channels), height, width]")
        let size = Shape(height: sizes[2], width: sizes[3], channels: shape.channels)
        return (target ?? .size(MapSize(height: size.height, width: size.width)), size)
    }

    /// What follows the logits and leaves each pixel's class as it is.
    mutating func classes(_ node: ImportedNode, _ output: String) throws(NetworkError) -> ImportedValue {
        let (name, value) = try input(0, of: node)
        if node.node.operation == "ArgMax" || node.node.operation.hasSuffix("Softmax") {
            let axis = try node.int("axis", default: node.node.operation == "ArgMax" ? 0 : -1)
            try node.require(axis == 1 || axis == -3, "axis", found: "\(axis)", expected: "1, the classes")
        }
        shapes[output] = shapes[name]
        return value.classes ?? .classes(name, isSigmoid: false)
    }
}
