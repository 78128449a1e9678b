import Texts

extension NetworkDifference {
    /// The difference as a JSON object in UTF-8, keys sorted; what is nil or not finite is `null`.
    public func json() throws -> [UInt8] { try jsonText() }
}

extension NetworkDifference: Encodable {
    private enum CodingKeys: String, CodingKey { case isSameArithmetic, provenance, layers, equalLayers }

    public func encode(to encoder: any Encoder) throws {
        var object = encoder.container(keyedBy: CodingKeys.self)
        try object.encode(isSameArithmetic, forKey: .isSameArithmetic)
        try object.encode(provenance, forKey: .provenance)
        try object.encode(layers, forKey: .layers)
        try object.encode(equalLayers, forKey: .equalLayers)
    }
}

extension LayerDifference: Encodable {
    private enum CodingKeys: String, CodingKey { case name, first, second, changedWeights, weightSqnrDb, biasSteps }

    public func encode(to encoder: any Encoder) throws {
        var object = encoder.container(keyedBy: CodingKeys.self)
        try object.encode(name, forKey: .name)
        try object.encode(first, forKey: .first)
        try object.encode(second, forKey: .second)
        try object.encode(finite(changedWeights), forKey: .changedWeights)
        try object.encode(finite(weightSqnrDb), forKey: .weightSqnrDb)
        try object.encode(finite(biasSteps), forKey: .biasSteps)
    }
}
