import ESegNetwork

extension NetworkImport {
    /// Concat of maps along their channels. What is still open of the maps is settled now.
    mutating func concat(_ node: ImportedNode, _ output: String) throws(NetworkError) -> ImportedValue {
        let axis = try node.int("axis", default: 1), count = node.node.inputs.count, limit = Concat.inputCounts
        try node.require(axis == 1 || axis == -3, "axis", found: "\(axis)", expected: "1, the channels")
        try node.require(count <= limit.upperBound, "inputs", found: "\(count) maps", expected: "at most \(limit.upperBound)")
        if count == 1 {
            let (name, value) = try input(0, of: node)
            shapes[output] = try shape(of: name, node)
            return uses[name] == 1 ? value : .feature(try force(name, node))
        }
        var inputs: [Int] = []
        var whole: Shape?
        for index in 0..<count {
            let name = try input(index, of: node).name, shape = try shape(of: name, node)
            if let whole {
                let isSameSize = shape.height == whole.height && shape.width == whole.width
                let found = "maps of \(whole.width)x\(whole.height) and \(shape.width)x\(shape.height)"
                try node.require(isSameSize, "inputs", found: found, expected: "maps of one size")
            }
            whole = Shape(height: shape.height, width: shape.width, channels: (whole?.channels ?? 0) + shape.channels)
            inputs.append(try force(name, node))
        }
        guard let whole else { throw node.error("inputs", found: "none", expected: "maps") }
        shapes[output] = whole
        let channels = inputs.map { nodes[$0].channels }
        return .feature(append(label(node), .concat(Concat(inputChannels: channels)), inputs))
    }
}
