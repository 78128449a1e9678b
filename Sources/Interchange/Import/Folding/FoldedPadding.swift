import ESegNetwork

extension ConstantFolding {
    func padded() throws(NetworkError) -> Constant {
        let data = try input(0), pads = try pads(rank: data.shape.count), mode = try node.string("mode", default: "constant")
        guard ["constant", "edge", "reflect"].contains(mode) else {
            throw node.error("mode", found: quoted(mode), expected: "constant, edge or reflect")
        }
        let shape = zip(data.shape, pads).map { $0 + $1.before + $1.behind }
        guard try count(shape) > 0 else { return data.picking([], shape: shape) }
        guard mode == "constant" || !data.shape.contains(0) else {
            throw node.error("mode", found: "\(quoted(mode)) of shape \(data.shape)", expected: "elements to repeat")
        }
        var places: [Int?] = [0]
        for (axis, stride) in Constant.strides(data.shape).enumerated() {
            let rows = (0..<shape[axis]).map { Self.source($0 - pads[axis].before, data.shape[axis], mode) }
            places = places.flatMap { place in rows.map { row in place.flatMap { place in row.map { place + $0 * stride } } } }
        }
        switch data.values {
        case .floats(let values):
            let fill = try optional(2) == nil ? [0] : try floats(2)
            guard fill.count == 1 else { throw node.error("value", found: "\(fill.count) numbers", expected: "one") }
            return Constant(shape: shape, values: .floats(places.map { $0.map { values[$0] } ?? fill[0] }))
        case .ints(let values):
            let fill = try optional(2) == nil ? 0 : try integer(2)
            return Constant(shape: shape, values: .ints(places.map { $0.map { values[$0] } ?? fill }))
        }
    }

    /// The row that pads at `index`, or nil where a constant does.
    private static func source(_ index: Int, _ extent: Int, _ mode: String) -> Int? {
        switch mode {
        case "edge": return min(max(index, 0), extent - 1)
        case "reflect":
            guard extent > 1 else { return 0 }
            let period = 2 * (extent - 1), rest = (index % period + period) % period
            return min(rest, period - rest)
        default: return (0..<extent).contains(index) ? index : nil
        }
    }

    /// Rows to add to each dimension; negative ones are cut off.
    private func pads(rank: Int) throws(NetworkError) -> [(before: Int, behind: Int)] {
        let given = try integers(1), named = try optional(3) == nil ? Array(0..<rank) : try integers(3)
        guard given.count == 2 * named.count, given.allSatisfy({ (-1 << 31...1 << 31).contains($0) }) else {
            throw node.error("pads", found: "\(given.prefix(16))", expected: "two for each of \(named.count) dimensions")
        }
        _ = try axes(named, rank: rank)
        var pads = [(before: Int, behind: Int)](repeating: (0, 0), count: rank)
        for (i, value) in named.enumerated() { pads[try axis(value, rank: rank)] = (given[i], given[named.count + i]) }
        return pads
    }
}
