import ESegNetwork

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Computes nodes whose inputs are all constants: arithmetic on shapes, and what exporters leave of weights' normalization.
struct ConstantFolding {
    let node: ImportedNode
    let inputs: [Constant]

    /// Elements that a folded constant may have; weights come as initializers and need no folding.
    private static let maximumCount = 1 << 20

    /// All that it computes.
    static let operators: Set = [
        "Add", "Sub", "Mul", "Div", "Relu", "Sqrt", "Cast", "Gather", "Slice", "Concat", "Reshape", "Squeeze", "Unsqueeze", "ReduceSum",
        "Softmax", "Split",
    ]

    /// What the node's outputs are, or nil where its operator is not one for constants. Throws where its inputs do not fit.
    func values() throws(NetworkError) -> [Constant]? {
        guard Self.operators.contains(node.node.operation) else { return nil }
        if node.node.operation == "Split" { return try pieces() }
        guard let value = try value() else { return nil }
        return [value]
    }

    /// The first output's.
    func value() throws(NetworkError) -> Constant? {
        switch node.node.operation {
        case "Add": try arithmetic(+, { $0.addingReportingOverflow($1) })
        case "Sub": try arithmetic(-, { $0.subtractingReportingOverflow($1) })
        case "Mul": try arithmetic(*, { $0.multipliedReportingOverflow(by: $1) })
        case "Div": try arithmetic(/, { $0.dividedReportingOverflow(by: $1) })
        case "Relu": try floats { max($0, 0) }
        case "Sqrt": try floats { $0.squareRoot() }
        case "Cast": try cast()
        case "Gather": try gather()
        case "Slice": try slice()
        case "Concat": try concat()
        case "Reshape", "Squeeze", "Unsqueeze": try reshaped()
        case "ReduceSum": try reduced()
        case "Softmax": try softmax()
        default: nil
        }
    }

    private func input(_ index: Int) throws(NetworkError) -> Constant {
        guard index < inputs.count else { throw node.error("inputs", found: "\(inputs.count)", expected: "at least \(index + 1)") }
        return inputs[index]
    }

    private func integers(_ index: Int) throws(NetworkError) -> [Int] {
        guard let values = try input(index).ints else { throw node.error("input \(index)", found: "floats", expected: "integers") }
        return values
    }

    /// An axis, counted from the end where negative.
    private func axis(_ axis: Int, rank: Int) throws(NetworkError) -> Int {
        let index = axis < 0 ? axis &+ rank : axis
        guard index >= 0, index < rank else { throw node.error("axis", found: "\(axis)", expected: "one of \(rank) dimensions") }
        return index
    }

    private func floats(_ body: (Float) -> Float) throws(NetworkError) -> Constant {
        let constant = try input(0)
        return Constant(shape: constant.shape, values: .floats(constant.floats.map(body)))
    }
}

// Arithmetic
extension ConstantFolding {
    private func arithmetic(
        _ float: (Float, Float) -> Float, _ int: (Int, Int) -> (partialValue: Int, overflow: Bool)
    ) throws(NetworkError) -> Constant {
        let (a, b) = (try input(0), try input(1))
        guard let shape = Self.broadcast(a.shape, b.shape), let count = Constant.count(shape), count <= Self.maximumCount else {
            throw node.error("inputs", found: "shapes \(a.shape) and \(b.shape)", expected: "shapes that fit, of at most 2^20 elements")
        }
        let (left, right) = (Self.indices(of: a.shape, in: shape, count), Self.indices(of: b.shape, in: shape, count))
        guard let x = a.ints, let y = b.ints else {
            let (x, y) = (a.floats, b.floats)
            return Constant(shape: shape, values: .floats((0..<count).map { float(x[left[$0]], y[right[$0]]) }))
        }
        var values: [Int] = []
        for i in 0..<count {
            let (value, overflow) = int(x[left[i]], y[right[i]])
            guard !overflow else { throw node.error("value", found: "overflow of int64", expected: "integers that fit") }
            values.append(value)
        }
        return Constant(shape: shape, values: .ints(values))
    }

    /// The shape that two shapes broadcast to, or nil.
    static func broadcast(_ a: [Int], _ b: [Int]) -> [Int]? {
        let rank = max(a.count, b.count)
        let (x, y) = ([Int](repeating: 1, count: rank - a.count) + a, [Int](repeating: 1, count: rank - b.count) + b)
        var shape: [Int] = []
        for (m, n) in zip(x, y) {
            guard m == n || m == 1 || n == 1 else { return nil }
            shape.append(m == 1 ? n : m)
        }
        return shape
    }

    /// For each element of `shape`, the one of `part` that is broadcast to it.
    private static func indices(of part: [Int], in shape: [Int], _ count: Int) -> [Int] {
        let padded = [Int](repeating: 1, count: shape.count - part.count) + part
        return (0..<count).map { element in
            var (rest, index, stride) = (element, 0, 1)
            for (extent, own) in zip(shape, padded).reversed() {
                if own != 1 { index += rest % extent * stride }
                rest /= extent
                stride *= own
            }
            return index
        }
    }

    /// Along one axis: the elements before it, its extent, and the elements behind it.
    private func split(_ shape: [Int], at axis: Int) -> (outer: Int, extent: Int, inner: Int) {
        (shape[..<axis].reduce(1, *), shape[axis], shape[(axis + 1)...].reduce(1, *))
    }

    private func reduced() throws(NetworkError) -> Constant {
        let constant = try input(0)
        var axes = try node.ints("axes", default: [])
        if inputs.count > 1 { axes = try integers(1) }
        guard axes.count <= Constant.maximumRank else {
            throw node.error("axes", found: "\(axes.count)", expected: "at most \(Constant.maximumRank)")
        }
        if axes.isEmpty { axes = Array(constant.shape.indices) }
        var (shape, values) = (constant.shape, constant.floats)
        for given in axes {
            let axis = try axis(given, rank: shape.count), (outer, extent, inner) = split(shape, at: axis)
            let unreduced = values
            values = (0..<outer * inner).map { (i: Int) -> Float in
                let first = i / inner * extent * inner + i % inner
                var sum: Float = 0
                for k in 0..<extent { sum += unreduced[first + k * inner] }
                return sum
            }
            shape[axis] = 1
        }
        if try node.int("keepdims", default: 1) == 0 {
            for given in axes { shape[try axis(given, rank: shape.count)] = -1 }
            shape.removeAll { $0 == -1 }
        }
        return Constant(shape: shape, values: .floats(values))
    }

    private func softmax() throws(NetworkError) -> Constant {
        let constant = try input(0), values = constant.floats
        let axis = try axis(node.int("axis", default: -1), rank: constant.shape.count)
        let (outer, extent, inner) = split(constant.shape, at: axis)
        var result = values
        for i in 0..<outer * inner {
            let indices = (0..<extent).map { (i / inner * extent + $0) * inner + i % inner }
            let greatest = indices.reduce(-Float.infinity) { max($0, values[$1]) }
            let exponentials = indices.map { exp(values[$0] - greatest) }
            let sum = exponentials.reduce(0, +)
            for (index, value) in zip(indices, exponentials) { result[index] = value / sum }
        }
        return Constant(shape: constant.shape, values: .floats(result))
    }
}

// Shapes
extension ConstantFolding {
    private func cast() throws(NetworkError) -> Constant {
        let constant = try input(0), type = ONNX.ElementType(rawValue: Int64(try node.int("to", default: 0)))
        switch type {
        case .int32, .int64:
            if constant.ints != nil { return constant }
            var values: [Int] = []
            for value in constant.floats {
                guard let integer = Int(exactly: value.rounded(.towardZero)) else {
                    throw node.error("value", found: "\(value)", expected: "a number that int64 holds")
                }
                values.append(integer)
            }
            return Constant(shape: constant.shape, values: .ints(values))
        case .float, .float16, .double: return Constant(shape: constant.shape, values: .floats(constant.floats))
        default: throw node.error("to", found: type.map { "\($0)" } ?? "an unknown type", expected: "float or int64")
        }
    }

    private func gather() throws(NetworkError) -> Constant {
        let (data, chosen) = (try input(0), try input(1)), indices = try integers(1)
        let axis = try axis(node.int("axis", default: 0), rank: data.shape.count), (outer, extent, inner) = split(data.shape, at: axis)
        var rows: [Int] = []
        for index in indices {
            let row = index < 0 ? index &+ extent : index
            guard row >= 0, row < extent else { throw node.error("indices", found: "\(index)", expected: "one of \(extent)") }
            rows.append(row)
        }
        guard outer * inner * rows.count <= Self.maximumCount, data.shape.count + chosen.shape.count <= 9 else {
            throw node.error("indices", found: "\(rows.count) of \(data.shape)", expected: "at most 2^20 elements")
        }
        var gathered = try taking(rows, of: data, at: axis)
        gathered.shape = Array(data.shape[..<axis]) + chosen.shape + Array(data.shape[(axis + 1)...])
        return gathered
    }

    private func slice() throws(NetworkError) -> Constant {
        var data = try input(0)
        let (starts, ends) = (try integers(1), try integers(2))
        let axes = inputs.count > 3 ? try integers(3) : Array(starts.indices)
        let steps = inputs.count > 4 ? try integers(4) : [Int](repeating: 1, count: starts.count)
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
        let given = inputs.count > 1 ? try integers(1) : try node.ints("split", default: equal)
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

    /// Some rows of a dimension.
    private func taking(_ rows: [Int], of data: Constant, at axis: Int) throws(NetworkError) -> Constant {
        let (outer, extent, inner) = split(data.shape, at: axis)
        guard outer * inner * rows.count <= Self.maximumCount else {
            throw node.error("value", found: "\(rows.count) of \(data.shape)", expected: "at most 2^20 elements")
        }
        var shape = data.shape
        shape[axis] = rows.count
        let indices = (0..<outer).flatMap { o in rows.flatMap { row in (0..<inner).map { (o * extent + row) * inner + $0 } } }
        switch data.values {
        case .floats(let values): return Constant(shape: shape, values: .floats(indices.map { values[$0] }))
        case .ints(let values): return Constant(shape: shape, values: .ints(indices.map { values[$0] }))
        }
    }

    private func concat() throws(NetworkError) -> Constant {
        let count = inputs.reduce(0) { $0 + $1.values.count }
        guard inputs.allSatisfy({ $0.shape.count == 1 }), count <= Self.maximumCount else {
            throw node.error("inputs", found: "shapes \(inputs.map(\.shape))", expected: "one dimension each, at most 2^20 elements")
        }
        let ints = inputs.compactMap(\.ints)
        guard ints.count == inputs.count else { return Constant(shape: [count], values: .floats(inputs.flatMap(\.floats))) }
        return Constant(shape: [count], values: .ints(ints.flatMap { $0 }))
    }

    private func reshaped() throws(NetworkError) -> Constant {
        var constant = try input(0)
        let given = inputs.count > 1 ? try integers(1) : try node.ints("axes", default: [])
        guard given.count <= Constant.maximumRank else {
            throw node.error("axes", found: "\(given.count)", expected: "at most \(Constant.maximumRank)")
        }
        switch node.node.operation {
        case "Unsqueeze":
            let rank = constant.shape.count + given.count
            let axes = try positions(given, rank: rank)
            var rest = constant.shape[...]
            constant.shape = (0..<rank).map { axes.contains($0) ? 1 : rest.popFirst() ?? 1 }
        case "Squeeze":
            let axes =
                given.isEmpty
                ? Set(constant.shape.indices.filter { constant.shape[$0] == 1 })
                : try positions(given, rank: constant.shape.count)
            constant.shape = constant.shape.indices.filter { !axes.contains($0) }.map { constant.shape[$0] }
        default:
            var shape = given.enumerated().map { $1 == 0 && $0 < constant.shape.count ? constant.shape[$0] : $1 }
            if let free = shape.firstIndex(of: -1) {
                shape[free] = 1
                let known = Constant.count(shape) ?? 0
                shape[free] = known > 0 ? constant.values.count / known : 0
            }
            constant.shape = shape
        }
        guard Constant.count(constant.shape) == constant.values.count else {
            throw node.error("shape", found: "\(constant.shape)", expected: "\(constant.values.count) elements")
        }
        return constant
    }

    private func positions(_ given: [Int], rank: Int) throws(NetworkError) -> Set<Int> {
        var axes: Set<Int> = []
        for value in given { axes.insert(try axis(value, rank: rank)) }
        return axes
    }
}
