import ESegNetwork

extension ImportedNode {
    /// What older operator sets have as attributes and newer ones as inputs, from input 1 on.
    private static let attributesBeforeInputs: [String: [String]] = [
        "Clip": ["min", "max"], "Pad": ["pads", "value"], "Slice": ["starts", "ends", "axes"], "Split": ["split"],
        "Squeeze": ["axes"], "Unsqueeze": ["axes"],
    ]

    /// What an attribute of an older operator set has instead of input `index`, or nil where there is none.
    func attribute(insteadOf index: Int) throws(NetworkError) -> Constant? {
        let names = node.operation.hasPrefix("Reduce") ? ["axes"] : Self.attributesBeforeInputs[node.operation] ?? []
        guard names.indices.contains(index - 1), has(names[index - 1]) else { return nil }
        let name = names[index - 1]
        switch name {
        case "min", "max", "value": return Constant(shape: [], values: .floats([try float(name, default: 0)]))
        default:
            let values = try ints(name, default: [])
            return Constant(shape: [values.count], values: .ints(values))
        }
    }
}
