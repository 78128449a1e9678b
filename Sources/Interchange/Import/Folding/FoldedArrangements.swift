import ESegNetwork

extension ConstantFolding {
    /// What gives the same elements in another shape or order, repeated, or beside others.
    enum Arrangement: String, CaseIterable {
        case reshape = "Reshape"
        case flatten = "Flatten"
        case squeeze = "Squeeze"
        case unsqueeze = "Unsqueeze"
        case transpose = "Transpose"
        case expand = "Expand"
        case tile = "Tile"
        case concat = "Concat"
        case pad = "Pad"
        case constantOfShape = "ConstantOfShape"
        case range = "Range"
        case slice = "Slice"
        case gather = "Gather"
        case gatherElements = "GatherElements"
        case gatherND = "GatherND"
        case scatterND = "ScatterND"
    }

    func arranged(_ operation: Arrangement) throws(NetworkError) -> Constant {
        switch operation {
        case .reshape: try reshaped()
        case .flatten: try flattened()
        case .squeeze: try squeezed()
        case .unsqueeze: try unsqueezed()
        case .transpose: try transposed()
        case .expand: try expanded()
        case .tile: try tiled()
        case .concat: try concatenated()
        case .pad: try padded()
        case .constantOfShape: try filled()
        case .range: try range()
        case .slice: try slice()
        case .gather: try gather()
        case .gatherElements: try gatherElements()
        case .gatherND: try gatherND()
        case .scatterND: try scatterND()
        }
    }
}

// Shapes
extension ConstantFolding {
    private func reshaped() throws(NetworkError) -> Constant {
        var constant = try input(0)
        let given = try integers(1), copies = try node.int("allowzero", default: 0) == 0
        guard given.count <= Constant.maximumRank else {
            throw node.error("shape", found: "\(given.count) dimensions", expected: "at most \(Constant.maximumRank)")
        }
        var shape = given.enumerated().map { copies && $1 == 0 && $0 < constant.shape.count ? constant.shape[$0] : $1 }
        if let free = shape.firstIndex(of: -1) {
            shape[free] = 1
            let known = Constant.count(shape) ?? 0
            shape[free] = known > 0 ? constant.values.count / known : -1
        }
        guard Constant.count(shape) == constant.values.count else {
            throw node.error("shape", found: "\(given)", expected: "one of \(constant.values.count) elements")
        }
        constant.shape = shape
        return constant
    }

    private func flattened() throws(NetworkError) -> Constant {
        var constant = try input(0)
        let rank = constant.shape.count, given = try node.int("axis", default: 1), axis = given < 0 ? given &+ rank : given
        guard (0...rank).contains(axis) else { throw node.error("axis", found: "\(given)", expected: "\(-rank) to \(rank)") }
        constant.shape = [constant.shape[..<axis].reduce(1, *), constant.shape[axis...].reduce(1, *)]
        return constant
    }

    private func squeezed() throws(NetworkError) -> Constant {
        var constant = try input(0)
        let shape = constant.shape, given = try optional(1) == nil ? [] : try integers(1)
        let axes = given.isEmpty ? Set(shape.indices.filter { shape[$0] == 1 }) : try axes(given, rank: shape.count)
        guard axes.allSatisfy({ shape[$0] == 1 }) else {
            throw node.error("axes", found: "\(axes.sorted()) of shape \(shape)", expected: "dimensions of one element")
        }
        constant.shape = shape.indices.filter { !axes.contains($0) }.map { shape[$0] }
        return constant
    }

    private func unsqueezed() throws(NetworkError) -> Constant {
        var constant = try input(0)
        let given = try integers(1), rank = constant.shape.count + given.count
        guard rank <= Constant.maximumRank else {
            throw node.error("axes", found: "\(given.count)", expected: "at most \(Constant.maximumRank) dimensions")
        }
        let axes = try axes(given, rank: rank)
        var rest = constant.shape[...]
        constant.shape = (0..<rank).map { axes.contains($0) ? 1 : rest.popFirst() ?? 1 }
        return constant
    }

    private func transposed() throws(NetworkError) -> Constant {
        let constant = try input(0), rank = constant.shape.count
        let order = try node.ints("perm", default: (0..<rank).reversed())
        guard order.sorted() == Array(0..<rank) else {
            throw node.error("perm", found: "\(order.prefix(16))", expected: "each of \(rank) dimensions once")
        }
        let shape = order.map { constant.shape[$0] }, strides = Constant.strides(constant.shape)
        return constant.picking(Constant.places(shape, strides: order.map { strides[$0] }), shape: shape)
    }

    private func expanded() throws(NetworkError) -> Constant {
        let constant = try input(0), given = try integers(1)
        guard let shape = Constant.broadcast(constant.shape, given) else {
            throw node.error("shape", found: "\(given.prefix(16))", expected: "one that \(constant.shape) broadcasts to")
        }
        _ = try count(shape)
        return constant.picking(Constant.places(of: constant.shape, broadcastTo: shape), shape: shape)
    }

    private func tiled() throws(NetworkError) -> Constant {
        var constant = try input(0)
        let repeats = try integers(1)
        guard repeats.count == constant.shape.count, repeats.allSatisfy({ (0...1 << 31).contains($0) }) else {
            throw node.error(
                "repeats", found: "\(repeats.prefix(16))", expected: "one for each of \(constant.shape.count) dimensions, none negative")
        }
        let shape = zip(constant.shape, repeats).map(*)
        guard try count(shape) > 0 else { return constant.picking([], shape: shape) }
        for axis in shape.indices {
            let extent = constant.shape[axis]
            constant = try taking((0..<shape[axis]).map { $0 % extent }, of: constant, at: axis)
        }
        return constant
    }

    private func concatenated() throws(NetworkError) -> Constant {
        var parts: [Constant] = []
        for index in inputs.indices { parts.append(try input(index)) }
        let first = try input(0).shape, axis = try axis(node.int("axis", default: 0), rank: first.count)
        var shape = first
        shape[axis] = 0
        for part in parts {
            var others = part.shape
            if axis < others.count { others[axis] = first[axis] }
            guard others == first else {
                throw node.error("inputs", found: "shapes \(first) and \(part.shape)", expected: "shapes that differ in axis \(axis) only")
            }
            shape[axis] += part.shape[axis]
        }
        _ = try count(shape)
        return try joined(parts, shape, axis)
    }

    private func joined(_ parts: [Constant], _ shape: [Int], _ axis: Int) throws(NetworkError) -> Constant {
        let outer = shape[..<axis].reduce(1, *)
        func rows<Element>(_ values: [[Element]]) -> [Element] {
            (0..<outer).flatMap { row in values.flatMap { $0[row * ($0.count / outer)..<(row + 1) * ($0.count / outer)] } }
        }
        let ints = parts.compactMap(\.ints)
        if ints.count == parts.count { return Constant(shape: shape, values: .ints(rows(ints))) }
        guard ints.isEmpty else { throw node.error("inputs", found: "floats and integers", expected: "tensors of one type") }
        return Constant(shape: shape, values: .floats(rows(parts.map(\.floats))))
    }
}

// New elements
extension ConstantFolding {
    /// As many copies of one number as a shape has elements.
    private func filled() throws(NetworkError) -> Constant {
        let shape = try integers(0), count = try count(shape)
        let value = node.has("value") ? try node.constant() : Constant(shape: [1], values: .floats([0]))
        guard value.values.count == 1 else { throw node.error("value", found: "\(value.values.count) elements", expected: "one") }
        return value.picking([Int](repeating: 0, count: count), shape: shape)
    }

    private func range() throws(NetworkError) -> Constant {
        guard try input(0).ints != nil else { return try floatRange() }
        let (start, limit, delta) = (try integer(0), try integer(1), try integer(2))
        let (distance, overflow) = limit.subtractingReportingOverflow(start)
        guard !overflow, distance != .min, delta != 0 else {
            throw node.error("inputs", found: "\(start) to \(limit) by \(delta)", expected: "a range of int64")
        }
        let (whole, rest) = distance.quotientAndRemainder(dividingBy: delta)
        let count = try count([max(0, rest != 0 && (rest < 0) == (delta < 0) ? whole + 1 : whole)])
        return Constant(shape: [count], values: .ints((0..<count).map { start + $0 * delta }))
    }

    private func floatRange() throws(NetworkError) -> Constant {
        var bounds: [Float] = []
        for index in 0..<3 {
            let values = try floats(index)
            guard values.count == 1 else { throw node.error("input \(index)", found: "\(values.count) elements", expected: "one") }
            bounds.append(values[0])
        }
        let steps = (Double(bounds[1] - bounds[0]) / Double(bounds[2])).rounded(.up)
        guard let given = Int(exactly: steps) else {
            throw node.error("inputs", found: "\(bounds[0]) to \(bounds[1]) by \(bounds[2])", expected: "a finite range")
        }
        let count = try count([max(0, given)])
        return Constant(shape: [count], values: .floats((0..<count).map { bounds[0] + Float($0) * bounds[2] }))
    }
}
