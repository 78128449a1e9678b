import ESegNetwork

extension NetworkImport {
    /// Zeros around a map, which the convolution takes that reads them.
    mutating func pad(_ node: ImportedNode, _ output: String) throws(NetworkError) -> ImportedValue {
        let (name, value) = try input(0, of: node), shape = try shape(of: name, node)
        let mode = try node.string("mode", default: "constant")
        try node.require(mode == "constant", "mode", found: quoted(mode), expected: "constant")
        var pads = try constant(1, of: node)?.ints ?? []
        if pads.isEmpty { pads = try node.ints("pads", default: []) }
        if let axes = try constant(3, of: node)?.ints { pads = try spread(pads, over: axes, node) }
        let limit = Window.Axis.Limits.padding
        try node.require(
            pads.count == 8 && [pads[0], pads[1], pads[4], pads[5]] == [0, 0, 0, 0] && pads.allSatisfy(limit.contains), "pads",
            found: "\(pads)", expected: "[0, 0, top, left, 0, 0, bottom, right], each in \(limit)")
        var filling = try node.float("value", default: 0)
        if let given = try constant(2, of: node)?.floats.first { filling = given }
        try node.require(filling == 0, "value", found: "\(filling)", expected: "0")
        let sides = [pads[2], pads[3], pads[6], pads[7]]
        if sides == [0, 0, 0, 0] { return try same(name, shape, output, node) }
        shapes[output] = Shape(height: shape.height + pads[2] + pads[6], width: shape.width + pads[3] + pads[7], channels: shape.channels)
        if case .image = value {} else { _ = try force(name, node) }
        return .padded(name, sides)
    }

    private func spread(_ pads: [Int], over axes: [Int], _ node: ImportedNode) throws(NetworkError) -> [Int] {
        var all = [Int](repeating: 0, count: 8)
        try node.require(
            pads.count == 2 * axes.count && axes.allSatisfy { (-4..<4).contains($0) }, "axes", found: "\(axes)",
            expected: "one for each pair of pads")
        for (i, axis) in axes.enumerated() {
            let axis = axis < 0 ? axis + 4 : axis
            (all[axis], all[axis + 4]) = (pads[i], pads[axes.count + i])
        }
        return all
    }

    /// The map that a convolution reads, its value, and zeros around it: top, left, bottom and right.
    mutating func unpadded(_ node: ImportedNode) throws(NetworkError) -> (name: String, value: ImportedValue, pads: [Int]) {
        let (name, value) = try input(0, of: node)
        guard case .padded(let source, let pads) = value else { return (name, value, [0, 0, 0, 0]) }
        return (source, try self.value(source, of: node), pads)
    }
}

extension Window {
    /// With more padding: top, left, bottom, right.
    func padded(by pads: [Int]) -> Window {
        var window = self
        window.rows.before += pads[0]
        window.columns.before += pads[1]
        window.rows.after += pads[2]
        window.columns.after += pads[3]
        return window
    }
}
