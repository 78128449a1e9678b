import ESegNetwork

extension QDQExport {
    /// Nearest neighbor, src = floor(dst · in / out).
    private static let nearest: [ONNX.Attribute] = [
        .string("mode", "nearest"), .string("coordinate_transformation_mode", "asymmetric"), .string("nearest_mode", "floor"),
    ]

    /// What a nearest resize makes of values, step by step.
    mutating func resized(_ values: String, _ resize: Resize, _ node: Node) -> String {
        guard resize.target == .like else {
            let target = target(resize.target, channels: resize.channels, of: node)
            return writer.node("Resize", [values, ""] + target, node.name + "/resize", Self.nearest)
        }
        let sizes = node.inputs.dropFirst()
        return sizes.enumerated().reduce(values) { values, step in
            resized(values, toSizeOf: step.element, step.offset == sizes.count - 1 ? node.name : "\(node.name)/step.\(step.offset)")
        }
    }

    mutating func resized(_ values: String, toSizeOf node: Int, _ name: String) -> String {
        writer.node("Resize", [values, "", "", size(of: node, name)], name, Self.nearest)
    }

    /// What a bilinear resize makes of values; its activation is the saturation of what rounds them.
    mutating func resized(_ values: String, _ resize: BilinearResize, _ node: Node) -> String {
        let target =
            resize.target == .like
            ? ["", size(of: node.inputs[1], node.name)] : target(resize.target, channels: resize.channels, of: node)
        return writer.node(
            "Resize", [values, ""] + target, node.name + "/resize",
            [.string("mode", "linear"), .string("coordinate_transformation_mode", resize.positions.rawValue)])
    }

    /// The third and fourth inputs of a Resize.
    private mutating func target(_ target: ResizeTarget, channels: Int, of node: Node) -> [String] {
        switch target {
        case .like: []
        case .size(let size):
            ["", writer.constant(node.name + "/size", [1, channels, size.height, size.width].map(Int64.init), shape: [4])]
        case .scales(let height, let width): [writer.constant(node.name + "/scales", [1, 1, height, width], shape: [4])]
        }
    }

    /// Another map's size. Both maps have as many channels, so that one's shape is the other's new size.
    private mutating func size(of node: Int, _ name: String) -> String {
        if let size, let shapes = try? network.graph.shapes(height: size.height, width: size.width) {
            return writer.constant(
                name + "/size", [1, shapes[node].channels, shapes[node].height, shapes[node].width].map(Int64.init), shape: [4])
        }
        return writer.node("Shape", [outputs[node]], name + "/size")
    }
}
