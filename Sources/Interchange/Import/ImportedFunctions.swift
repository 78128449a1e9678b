import ESegNetwork

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A tensor as a function of each element of another one, which is known by its values: so an activation that exporters spell out is
/// recognized by what it computes, however they do.
struct ImportedFunction {
    /// Where functions are compared; all activations have bends of their own there.
    static let points = (-160...160).map { Double($0) / 20 }
    /// Most nodes of which one consists, and most tensors as functions of which another is looked at.
    static let maximumNodes = 32, maximumSources = 8

    let source: String
    var values = Self.points
    /// How often each node of it reads the source itself.
    var reads: [String: Int] = [:]
    /// The nodes of it that follow each other.
    var depth = 0

    var readers: Int { reads.values.reduce(0, +) }

    /// The activation that it is.
    var activation: Activation? {
        let candidates: [(Activation, (Double) -> Double)] = [
            (.gelu, { $0 * erfc(-$0 / 2.0.squareRoot()) / 2 }),
            (.geluTanh, { $0 * (1 + tanh((2 / Double.pi).squareRoot() * ($0 + 0.044715 * $0 * $0 * $0))) / 2 }),
        ]
        return candidates.first { _, function in
            zip(Self.points, values).allSatisfy { abs(function($0) - $1) <= 1e-5 * max(1, abs($0)) }
        }?.0
    }
}

extension NetworkImport {
    /// What an operator makes of numbers; nil where it is none of those of which activations are put together.
    private static func computed(_ operation: String, _ sides: [[Double]]) -> [Double]? {
        switch (operation, sides.count) {
        case ("Erf", 1): sides[0].map { erf($0) }
        case ("Tanh", 1): sides[0].map { tanh($0) }
        case ("Add", 2): zip(sides[0], sides[1]).map { $0 + $1 }
        case ("Sub", 2): zip(sides[0], sides[1]).map { $0 - $1 }
        case ("Mul", 2): zip(sides[0], sides[1]).map { $0 * $1 }
        case ("Div", 2): zip(sides[0], sides[1]).map { $0 / $1 }
        case ("Pow", 2): zip(sides[0], sides[1]).map { pow($0, $1) }
        default: nil
        }
    }

    private static let functionOperators: Set = ["Erf", "Tanh", "Add", "Sub", "Mul", "Div", "Pow"]

    /// What a node gives that may belong to an activation: that, where it is complete, or what waits for the rest. Nil for other nodes.
    mutating func function(_ node: ImportedNode, _ output: String) throws(NetworkError) -> ImportedValue? {
        let operation = node.node.operation
        guard Self.functionOperators.contains(operation), let found = try functions(of: node, output),
            let shape = found.first.flatMap({ shapes[$0.source] })
        else { return nil }
        functions[output] = found
        if let whole = found.first(where: { $0.activation != nil }), let activation = whole.activation {
            return try activated(whole.source, activation, readers: whole.readers, node, output)
        }
        let waits = node.node.inputs.contains { if case .deferred? = values[$0] { true } else { false } }
        guard waits || ["Erf", "Pow"].contains(operation) || found.contains(where: { $0.readers > 1 }) else { return nil }
        shapes[output] = shape
        return .deferred(node)
    }

    /// A node's output as a function of each tensor that all of its inputs are functions of; nil where there is none.
    private mutating func functions(of node: ImportedNode, _ output: String) throws(NetworkError) -> [ImportedFunction]? {
        var operands: [(number: Double?, functions: [ImportedFunction])] = []
        var shape: Shape?
        for name in node.node.inputs {
            if let own = shapes[name], !planes.contains(name) {
                guard shape == nil || shape == own else { return nil }
                shape = own
                let isDeferred = if case .deferred? = values[name] { true } else { false }
                operands.append((nil, (functions[name] ?? []) + (isDeferred ? [] : [ImportedFunction(source: name)])))
            } else {
                guard case .constant(let constant) = try value(name, of: node), constant.values.count == 1,
                    let number = constant.floats.first
                else { return nil }
                operands.append((Double(number), []))
            }
        }
        var found: [ImportedFunction] = []
        for source in operands.flatMap({ $0.functions.map(\.source) }) where !found.contains(where: { $0.source == source }) {
            var function = ImportedFunction(source: source, values: [])
            var sides: [[Double]] = []
            for operand in operands {
                if let number = operand.number {
                    sides.append([Double](repeating: number, count: ImportedFunction.points.count))
                } else if let part = operand.functions.first(where: { $0.source == source }) {
                    sides.append(part.values)
                    function.reads.merge(part.reads) { first, _ in first }
                    function.depth = max(function.depth, part.depth + 1)
                    if part.depth == 0 { function.reads[output, default: 0] += 1 }
                }
            }
            guard sides.count == operands.count, function.depth <= ImportedFunction.maximumNodes,
                function.reads.count <= ImportedFunction.maximumNodes
            else { continue }
            guard let values = Self.computed(node.node.operation, sides) else { return nil }
            function.values = values
            found.append(function)
        }
        return found.isEmpty ? nil : Array(found.prefix(ImportedFunction.maximumSources))
    }

    /// Makes what waits, as the nodes say that give it: it has become no part of an activation.
    mutating func settle(_ name: String) throws(NetworkError) {
        guard case .deferred(let node)? = values[name] else { return }
        for input in node.node.inputs { try settle(input) }
        values[name] = try translated(node, name)
    }
}
