import ESegNetwork

/// A tensor whose elements are sums of a map's elements, taken one by one: what exporters write where they have no operator.
///
/// It is followed by place: each term is a tensor of the shape, of integers that name an element of [1, channels, height, width], counted
/// from 1, or nothing by 0. So what arranges constants arranges them, whatever the operators are.
struct ImportedElements {
    let source: String
    var terms: [Constant]

    /// Elements of a map that is followed, and terms of a sum.
    static let maximumCount = 1 << 22, maximumTerms = 4096
    /// What arranges elements; its other inputs are constants.
    static let arrangements: Set = [
        "Transpose", "Gather", "GatherND", "GatherElements", "Where", "Slice", "Reshape", "Flatten", "Squeeze", "Unsqueeze", "Expand",
    ]
    /// What takes elements of a map that other operators would read whole.
    static let beginnings: Set = ["Transpose", "Gather", "GatherND", "GatherElements"]
}

extension NetworkImport {
    /// What a node makes of elements taken one by one; nil where it does not read such, or begins to take them.
    mutating func elements(_ node: ImportedNode, _ output: String) throws(NetworkError) -> ImportedValue? {
        let operation = node.node.operation
        var found: [(index: Int, elements: ImportedElements)] = []
        for (index, name) in node.node.inputs.enumerated() {
            if case .elements(let elements)? = values[name] { found.append((index, elements)) }
        }
        if found.isEmpty, ImportedElements.beginnings.contains(operation), let elements = try begun(node) { found = [(0, elements)] }
        guard let first = found.first else { return nil }
        switch operation {
        case "Add" where found.count == 2: return .elements(try sum(found[0].elements, found[1].elements, node))
        case "ReduceSum", "ReduceMean": return try reduced(first.elements, node, output)
        case "Mul" where found.count == 1, "Div" where found.count == 1 && first.index == 0:
            return try averaged(first.elements, by: 1 - first.index, node, output)
        case "Softmax" where found.count == 1: return .elements(try shares(first.elements, node, output))
        case _ where ImportedElements.arrangements.contains(operation) && found.count == 1:
            return try whole(try arranged(first.elements, at: first.index, node), node, output)
        default: throw node.error("input", found: "elements of a map taken one by one", expected: Self.grid)
        }
    }

    private static let grid = "sums of them that are averages over the cells of a grid (adaptive average pooling)"

    /// All elements of the map that input 0 is; nil where it is too large, or none.
    private mutating func begun(_ node: ImportedNode) throws(NetworkError) -> ImportedElements? {
        let (name, value) = try input(0, of: node)
        if case .constant = value { return nil }
        if case .view = value { return nil }
        let shape = try shape(of: name, node), count = shape.count
        if node.node.operation == "Transpose", try node.ints("perm", default: []) == [0, 1, 2, 3] { return nil }
        guard count <= ImportedElements.maximumCount else { return nil }
        let all = Constant(shape: [1, shape.channels, shape.height, shape.width], values: .ints(Array(1...count)))
        return ImportedElements(source: name, terms: [all])
    }

    /// Throws where the elements that were followed so far get too many.
    private mutating func charge(_ terms: [Constant], _ node: ImportedNode) throws(NetworkError) {
        let most = ImportedElements.maximumTerms
        try node.require(terms.count <= most, "input", found: "a sum of \(terms.count) elements", expected: "at most \(most)")
        try charge(terms.reduce(0) { $0 + $1.values.count }, node)
    }

    /// The elements in other places, by the operator on constants.
    private mutating func arranged(
        _ elements: ImportedElements, at index: Int, _ node: ImportedNode
    ) throws(NetworkError) -> ImportedElements {
        let isWhere = node.node.operation == "Where"
        try node.require(isWhere ? index > 0 : index == 0, "input \(index)", found: "computed values", expected: "a constant")
        var others: [Constant?] = []
        for other in node.node.inputs.indices {
            var constant = other == index ? nil : try self.constant(other, of: node)
            if isWhere, other == 3 - index, let values = constant {
                let isZero = values.values.count == 1 && values.floats == [0]
                try node.require(isZero, "input \(other)", found: "\(values.shape) values", expected: "zero instead of elements of a map")
                constant = Constant(shape: values.shape, values: .ints([0]))
            }
            others.append(constant)
        }
        var result = elements
        for term in elements.terms.indices {
            others[index] = elements.terms[term]
            guard let value = try ConstantFolding(node: node, inputs: others, opset: opset).value() else { throw unsupported(node) }
            result.terms[term] = value
        }
        try charge(result.terms, node)
        return result
    }

    private mutating func sum(_ a: ImportedElements, _ b: ImportedElements, _ node: ImportedNode) throws(NetworkError) -> ImportedElements {
        let shapes = [a.terms[0].shape, b.terms[0].shape]
        try node.require(a.source == b.source, "inputs", found: "elements of two maps", expected: "those of one")
        try node.require(shapes[0] == shapes[1], "inputs", found: "\(shapes[0]) and \(shapes[1])", expected: "one shape")
        let sum = ImportedElements(source: a.source, terms: a.terms + b.terms)
        try charge(sum.terms, node)
        return sum
    }

    /// Each element along the axes that a sum or a mean takes together as a term of its own.
    private mutating func reduced(
        _ elements: ImportedElements, _ node: ImportedNode, _ output: String
    ) throws(NetworkError) -> ImportedValue {
        let folding = ConstantFolding(node: node, inputs: []), rank = elements.terms[0].shape.count
        let given = try constant(1, of: node)?.ints ?? []
        let keepsAll = given.isEmpty ? try node.int("noop_with_empty_axes", default: 0) != 0 : false
        try node.require(!keepsAll, "axes", found: "none", expected: "axes to take together")
        let axes = given.isEmpty ? Set(0..<rank) : try folding.axes(given, rank: rank)
        var terms = elements.terms
        for axis in axes {
            let extent = terms[0].shape[axis]
            try charge(terms, node)
            try node.require(
                extent > 0 && extent * terms.count <= ImportedElements.maximumTerms, "axes",
                found: "\(extent) elements along axis \(axis)", expected: "1 to \(ImportedElements.maximumTerms) in all")
            var parts: [Constant] = []
            for term in terms {
                for row in 0..<extent {
                    let counted = ConstantFolding(node: node, inputs: [term])
                    parts.append(try counted.taking([row], of: term, at: axis))
                }
            }
            terms = parts
        }
        let shape = terms[0].shape
        if try node.int("keepdims", default: 1) == 0 {
            let kept = shape.indices.filter { !axes.contains($0) }.map { shape[$0] }
            terms = terms.map { Constant(shape: kept, values: $0.values) }
        }
        let sums = ImportedElements(source: elements.source, terms: terms)
        try charge(terms, node)
        guard node.node.operation == "ReduceMean" else { return .elements(sums) }
        let count = terms.count / elements.terms.count
        return try gridPool(sums, divisors: [Float](repeating: Float(count), count: terms[0].values.count), node, output)
    }

    /// The sums through constants.
    private mutating func averaged(
        _ elements: ImportedElements, by index: Int, _ node: ImportedNode, _ output: String
    ) throws(NetworkError) -> ImportedValue {
        guard let constant = try constant(index, of: node) else {
            throw node.error("input \(index)", found: "none", expected: "a constant")
        }
        let shape = elements.terms[0].shape
        try node.require(
            Constant.broadcast(shape, constant.shape) == shape, "input \(index)", found: "\(constant.shape)", expected: "one for \(shape)")
        let values = constant.floats, divisors = Constant.places(of: constant.shape, broadcastTo: shape).map { values[$0] }
        return try gridPool(elements, divisors: node.node.operation == "Mul" ? divisors.map { 1 / $0 } : divisors, node, output)
    }

    /// The adaptive average pool that the sums through `divisors` are. Throws where they are something else.
    private mutating func gridPool(
        _ elements: ImportedElements, divisors: [Float], _ node: ImportedNode, _ output: String
    ) throws(NetworkError) -> ImportedValue {
        let whole = try shape(of: elements.source, node), shape = elements.terms[0].shape, grids = Graph.Limits.grids
        func refusal(_ found: String) -> NetworkError { node.error("output", found: found, expected: Self.grid) }
        guard shape.count == 4, shape[0] == 1, shape[1] == whole.channels, grids.contains(shape[2]), grids.contains(shape[3]) else {
            throw refusal("shape \(shape) of \(whole.channels) channels")
        }
        let places = elements.terms.compactMap(\.ints), (rows, columns) = (shape[2], shape[3])
        for (i, divisor) in divisors.enumerated() {
            let (channel, y, x) = (i / (rows * columns), i / columns % rows, i % columns)
            let down = AdaptiveAveragePool.samples(ofCell: y, of: rows, over: whole.height)
            let across = AdaptiveAveragePool.samples(ofCell: x, of: columns, over: whole.width)
            var found = places.map { $0[i] }.filter { $0 > 0 }
            found.sort()
            let expected = down.flatMap { row in across.map { 1 + (channel * whole.height + row) * whole.width + $0 } }
            let cell = "channel \(channel) of cell (\(y), \(x))"
            guard found == expected else { throw refusal("\(found.count) elements in \(cell), where the grid has \(expected.count)") }
            guard abs(divisor - Float(found.count)) <= 1e-6 * divisor else { throw refusal("a divisor of \(divisor) in \(cell)") }
        }
        shapes[output] = Shape(height: rows, width: columns, channels: whole.channels)
        let source = try force(elements.source, node)
        let pool = AdaptiveAveragePool(channels: whole.channels, rows: rows, columns: columns)
        let isWhole = rows == 1 && columns == 1
        let operation: Operation = isWhole ? .globalAveragePool(GlobalAveragePool(channels: whole.channels)) : .adaptiveAveragePool(pool)
        return .feature(append(unique(label(node)), operation, [source]))
    }
}
