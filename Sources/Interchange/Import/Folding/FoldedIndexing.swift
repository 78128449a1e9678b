import ESegNetwork

// Rows of one dimension
extension ConstantFolding {
    /// Some rows of a dimension.
    func taking(_ rows: [Int], of data: Constant, at axis: Int) throws(NetworkError) -> Constant {
        var shape = data.shape
        shape[axis] = rows.count
        guard try count(shape) > 0 else { return data.picking([], shape: shape) }
        let (outer, extent, inner) = split(data.shape, at: axis)
        let places = (0..<outer).flatMap { o in rows.flatMap { row in (0..<inner).map { (o * extent + row) * inner + $0 } } }
        return data.picking(places, shape: shape)
    }

    /// An index, counted from the end where negative.
    private func row(_ index: Int, of extent: Int) throws(NetworkError) -> Int {
        let row = index < 0 ? index &+ extent : index
        guard row >= 0, row < extent else { throw node.error("indices", found: "\(index)", expected: "one of \(extent)") }
        return row
    }

    func gather() throws(NetworkError) -> Constant {
        let (data, chosen) = (try input(0), try input(1)), indices = try integers(1)
        let axis = try axis(node.int("axis", default: 0), rank: data.shape.count)
        let shape: [Int] = Array(data.shape[..<axis]) + chosen.shape + Array(data.shape[(axis + 1)...])
        _ = try count(shape)
        var rows: [Int] = []
        for index in indices { rows.append(try row(index, of: data.shape[axis])) }
        var gathered = try taking(rows, of: data, at: axis)
        gathered.shape = shape
        return gathered
    }

    func slice() throws(NetworkError) -> Constant {
        var data = try input(0)
        let (starts, ends) = (try integers(1), try integers(2))
        let axes = try optional(3) == nil ? Array(starts.indices) : try integers(3)
        let steps = try optional(4) == nil ? [Int](repeating: 1, count: starts.count) : try integers(4)
        guard [ends.count, axes.count, steps.count].allSatisfy({ $0 == starts.count }), starts.count <= Constant.maximumRank,
            !steps.contains(0)
        else {
            throw node.error(
                "inputs", found: "\(starts.count) starts, \(ends.count) ends, \(axes.count) axes, \(steps.count) steps",
                expected: "as many of each, at most \(Constant.maximumRank), and no step of 0")
        }
        for (index, given) in axes.enumerated() {
            let axis = try axis(given, rank: data.shape.count), extent = data.shape[axis]
            let step = min(max(steps[index], -1 << 32), 1 << 32), backward = step < 0 ? 1 : 0
            func clamped(_ position: Int, from least: Int) -> Int {
                min(max(position < 0 ? position &+ extent : position, least), extent - backward)
            }
            let rows = stride(from: clamped(starts[index], from: 0), to: clamped(ends[index], from: -backward), by: step)
            data = try taking(extent == 0 ? [] : Array(rows), of: data, at: axis)
        }
        return data
    }

    /// What a Split makes of a constant, one for each of the node's outputs.
    func pieces() throws(NetworkError) -> [Constant] {
        let data = try input(0), count = node.node.outputs.count
        let axis = try axis(node.int("axis", default: 0), rank: data.shape.count), extent = data.shape[axis]
        let each = (extent + count - 1) / max(1, count)
        let equal = (0..<count).map { min(each, max(0, extent - $0 * each)) }
        let given = try optional(1) == nil ? equal : try integers(1)
        let sizes = given.map { min(max($0, -1), extent + 1) }
        guard sizes.count == count, sizes.allSatisfy({ $0 >= 0 }), sizes.reduce(0, +) == extent else {
            throw node.error("split", found: "\(given.prefix(16))", expected: "\(count) sizes that add up to \(extent)")
        }
        var pieces: [Constant] = [], first = 0
        for size in sizes {
            pieces.append(try taking(Array(first..<first + size), of: data, at: axis))
            first += size
        }
        return pieces
    }
}

// Indices of single elements
extension ConstantFolding {
    func gatherElements() throws(NetworkError) -> Constant {
        let (data, chosen) = (try input(0), try input(1)), indices = try integers(1)
        let axis = try axis(node.int("axis", default: 0), rank: data.shape.count)
        let fits = data.shape.count == chosen.shape.count
        guard fits, data.shape.indices.allSatisfy({ $0 == axis || chosen.shape[$0] <= data.shape[$0] }) else {
            throw node.error("indices", found: "shape \(chosen.shape)", expected: "one that fits into \(data.shape)")
        }
        var strides = Constant.strides(data.shape)
        let stride = strides[axis]
        strides[axis] = 0
        var places = Constant.places(chosen.shape, strides: strides)
        for (i, index) in indices.enumerated() { places[i] += stride * (try row(index, of: data.shape[axis])) }
        return data.picking(places, shape: chosen.shape)
    }

    func gatherND() throws(NetworkError) -> Constant {
        let (data, chosen) = (try input(0), try input(1)), batches = try node.int("batch_dims", default: 0)
        let depth = chosen.shape.last ?? 0, outer = chosen.shape.dropLast()
        guard batches >= 0, batches < min(data.shape.count, chosen.shape.count), depth >= 1, depth <= data.shape.count - batches,
            data.shape[..<batches] == chosen.shape[..<batches]
        else {
            throw node.error(
                "indices", found: "shape \(chosen.shape), \(batches) batch_dims", expected: "rows of at most \(data.shape.count) indices")
        }
        let inner = data.shape[(batches + depth)...], shape = Array(outer + inner)
        _ = try count(shape)
        let blocks = try blocks(of: data.shape, from: batches, depth), each = outer[batches...].reduce(1, *)
        let (batch, length) = (data.shape[batches...].reduce(1, *), inner.reduce(1, *))
        let places = blocks.enumerated().flatMap { i, block in (0..<length).map { i / each * batch + block + $0 } }
        return data.picking(places, shape: shape)
    }

    func scatterND() throws(NetworkError) -> Constant {
        var data = try input(0)
        let (chosen, updates) = (try input(1), try input(2)), depth = chosen.shape.last ?? 0
        let reduction = try node.string("reduction", default: "none")
        try node.require(reduction == "none", "reduction", found: quoted(reduction), expected: "none")
        guard depth >= 1, depth <= data.shape.count, updates.shape == Array(chosen.shape.dropLast() + data.shape[depth...]) else {
            throw node.error(
                "inputs", found: "shapes \(data.shape), \(chosen.shape) and \(updates.shape)", expected: "indices and updates that fit")
        }
        let length = data.shape[depth...].reduce(1, *)
        let places = try blocks(of: data.shape, from: 0, depth).flatMap { block in (0..<length).map { block + $0 } }
        switch (data.values, updates.values) {
        case (.floats(var values), .floats(let new)):
            for (place, value) in zip(places, new) { values[place] = value }
            data.values = .floats(values)
        case (.ints(var values), .ints(let new)):
            for (place, value) in zip(places, new) { values[place] = value }
            data.values = .ints(values)
        default: throw node.error("inputs", found: "floats and integers", expected: "tensors of one type")
        }
        return data
    }

    /// Where the blocks start that rows of `depth` indices name, in dimensions from `first` on.
    private func blocks(of shape: [Int], from first: Int, _ depth: Int) throws(NetworkError) -> [Int] {
        let indices = try integers(1), strides = Constant.strides(shape)
        var blocks: [Int] = []
        for start in stride(from: 0, to: indices.count, by: depth) {
            var block = 0
            for i in 0..<depth { block += strides[first + i] * (try row(indices[start + i], of: shape[first + i])) }
            blocks.append(block)
        }
        return blocks
    }
}
