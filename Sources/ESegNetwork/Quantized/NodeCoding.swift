extension Node {
    /// Name, operation, its attributes and inputs as the members of a JSON object.
    var members: [JSONValue.Member] {
        let head = [
            JSONValue.Member(key: "name", value: .string(name)), JSONValue.Member(key: "op", value: .string(operation.name)),
            JSONValue.Member(key: "inputs", value: .array(inputs.map(JSONValue.integer))),
        ]
        return head + operation.described.attributes.map { JSONValue.Member(key: $0, value: $1) }
    }

    /// Reads what `members` writes. Numbers are in the ranges that a graph may have; whether the nodes fit is for `Graph.validate` to say.
    init(_ fields: inout JSONFields) throws(NetworkError) {
        let name = try fields.string("name"), operation = try Operation(&fields)
        self.init(name: name, operation: operation, inputs: try fields.nodeInputs())
    }
}

extension Operation {
    fileprivate init(_ fields: inout JSONFields) throws(NetworkError) {
        let name = try fields.string("op")
        guard let described = Operation.operators.first(where: { $0.name == name }) else {
            let names = Operation.operators.map { $0.name }.joined(separator: ", ")
            throw fields.error("op", found: quoted(name), expected: names)
        }
        self = try described.init(&fields).operation
    }
}

extension JSONFields {
    /// Indices of the nodes that a node reads.
    mutating func nodeInputs() throws(NetworkError) -> [Int] {
        try integers("inputs", count: Graph.Limits.inputs, in: 0...Graph.Limits.nodes.upperBound)
    }
}
