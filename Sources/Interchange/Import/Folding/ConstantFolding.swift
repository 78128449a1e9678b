import ESegNetwork

/// Computes nodes whose inputs are all constants: arithmetic on shapes, and what exporters leave of weights' normalization.
///
/// Whatever the attributes and inputs are, what they ask for is computed as ONNX says or is an error.
struct ConstantFolding {
    let node: ImportedNode
    /// In the node's order; nil where one is left out.
    let inputs: [Constant?]
    /// The version of ONNX's operators.
    var opset = 25

    /// Elements that a folded constant may have if no input has more; weights come as initializers and need little folding.
    private static let maximumCount = 1 << 20

    /// All that it computes.
    static let operators: Set<String> = {
        let families = [
            Unary.allCases.map(\.rawValue), Binary.allCases.map(\.rawValue), Predicate.allCases.map(\.rawValue),
            Reduction.allCases.map(\.rawValue), Selection.allCases.map(\.rawValue), Arrangement.allCases.map(\.rawValue),
        ]
        return Set(families.joined()).union(["Split"])
    }()

    /// What the node's outputs are, or nil where its operator is not one for constants. Throws where its inputs do not fit.
    func values() throws(NetworkError) -> [Constant]? {
        if node.node.operation == "Split" { return try pieces() }
        guard let value = try value() else { return nil }
        return [value]
    }

    /// The first output's.
    func value() throws(NetworkError) -> Constant? {
        let name = node.node.operation
        if let operation = Unary(rawValue: name) { return try unary(operation) }
        if let operation = Binary(rawValue: name) { return try binary(operation) }
        if let operation = Predicate(rawValue: name) { return try predicate(operation) }
        if let operation = Reduction(rawValue: name) { return try reduced(operation) }
        if let operation = Selection(rawValue: name) { return try selected(operation) }
        if let operation = Arrangement(rawValue: name) { return try arranged(operation) }
        return nil
    }
}

// Inputs
extension ConstantFolding {
    /// Input `index`, also where an older operator set has it as an attribute, or nil where it is left out.
    func optional(_ index: Int) throws(NetworkError) -> Constant? {
        if inputs.indices.contains(index), let constant = inputs[index] { return constant }
        return try node.attribute(insteadOf: index)
    }

    func input(_ index: Int) throws(NetworkError) -> Constant {
        guard let constant = try optional(index) else { throw node.error("input \(index)", found: "none", expected: "a constant") }
        return constant
    }

    func integers(_ index: Int) throws(NetworkError) -> [Int] {
        guard let values = try input(index).ints else { throw node.error("input \(index)", found: "floats", expected: "integers") }
        return values
    }

    func floats(_ index: Int) throws(NetworkError) -> [Float] {
        guard case .floats(let values) = try input(index).values else {
            throw node.error("input \(index)", found: "integers", expected: "floats")
        }
        return values
    }

    /// The one integer that input `index` is.
    func integer(_ index: Int) throws(NetworkError) -> Int {
        let values = try integers(index)
        guard values.count == 1 else { throw node.error("input \(index)", found: "\(values.count) elements", expected: "one") }
        return values[0]
    }

    /// An axis, counted from the end where negative.
    func axis(_ axis: Int, rank: Int) throws(NetworkError) -> Int {
        let index = axis < 0 ? axis &+ rank : axis
        guard index >= 0, index < rank else { throw node.error("axis", found: "\(axis)", expected: "one of \(rank) dimensions") }
        return index
    }

    /// Axes that differ from each other.
    func axes(_ given: [Int], rank: Int) throws(NetworkError) -> Set<Int> {
        var axes: Set<Int> = []
        for value in given {
            guard axes.insert(try axis(value, rank: rank)).inserted else {
                throw node.error("axes", found: "\(value) again", expected: "axes that differ")
            }
        }
        return axes
    }

    /// How many elements a result of this shape has. Throws where it has many more than the inputs have.
    func count(_ shape: [Int]) throws(NetworkError) -> Int {
        let limit = inputs.reduce(Self.maximumCount) { max($0, $1?.values.count ?? 0) }
        guard shape.count <= Constant.maximumRank, let count = Constant.count(shape), count <= limit else {
            throw node.error(
                "output", found: "shape \(shape.prefix(16))", expected: "at most \(Constant.maximumRank) dimensions, \(limit) elements")
        }
        return count
    }

    /// Along one axis: the elements before it, its extent, and the elements behind it.
    func split(_ shape: [Int], at axis: Int) -> (outer: Int, extent: Int, inner: Int) {
        (shape[..<axis].reduce(1, *), shape[axis], shape[(axis + 1)...].reduce(1, *))
    }
}

extension Constant {
    /// The elements at `indices`, as a tensor of another shape.
    func picking(_ indices: [Int], shape: [Int]) -> Constant {
        switch values {
        case .floats(let values): Constant(shape: shape, values: .floats(indices.map { values[$0] }))
        case .ints(let values): Constant(shape: shape, values: .ints(indices.map { values[$0] }))
        }
    }

    /// How far apart the elements of each dimension are.
    static func strides(_ shape: [Int]) -> [Int] {
        shape.indices.map { shape[($0 + 1)...].reduce(1, *) }
    }

    /// The places of a tensor's elements, in order, where each dimension has a stride of its own.
    static func places(_ shape: [Int], strides: [Int]) -> [Int] {
        guard !shape.contains(0) else { return [] }
        return zip(shape, strides).reduce([0]) { places, dimension in
            places.flatMap { place in (0..<dimension.0).map { place + $0 * dimension.1 } }
        }
    }

    /// For each element of `shape`, the one of `part` that is broadcast to it.
    static func places(of part: [Int], broadcastTo shape: [Int]) -> [Int] {
        let strides = zip(part, strides(part)).map { $0 == 1 ? 0 : $1 }
        return places(shape, strides: [Int](repeating: 0, count: shape.count - part.count) + strides)
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
}
