/// mean[c] = float(Σ q − pixels · zp) · (scale / float(pixels)); reduce, SiLU, expand and sigmoid in float32, inputs in rising order;
/// G[c] = min(32767, rne(gate[c] · (input scale / output scale) · 8192));
/// q' = sat8(zp' + mulhrs((q − zp) · 4, G[c])).
public struct QuantizedGate: Sendable, Equatable {
    public var reduceWeights: [Float]
    public var reduceBias: [Float]
    public var expandWeights: [Float]
    public var expandBias: [Float]

    public init(reduceWeights: [Float], reduceBias: [Float], expandWeights: [Float], expandBias: [Float]) {
        self.reduceWeights = reduceWeights
        self.reduceBias = reduceBias
        self.expandWeights = expandWeights
        self.expandBias = expandBias
    }
}

extension QuantizedGate: QuantizedParameters {
    var weightType: String? { "float32" }
    var parameterCount: Int { reduceWeights.count + reduceBias.count + expandWeights.count + expandBias.count }

    func addTensors(to writer: inout SafetensorsWriter, of node: Node) throws(NetworkError) {
        let (channels, squeezed) = (expandBias.count, reduceBias.count)
        try writer.add(node.name + ".reduce.weight", shape: [squeezed, channels], values: reduceWeights)
        try writer.add(node.name + ".reduce.bias", shape: [squeezed], values: reduceBias)
        try writer.add(node.name + ".expand.weight", shape: [channels, squeezed], values: expandWeights)
        try writer.add(node.name + ".expand.bias", shape: [channels], values: expandBias)
    }

    init(_ reader: inout LayerReader) throws(NetworkError) {
        let shapes = reader.node.operation.parameters.map(\.shape)
        self.init(
            reduceWeights: try reader.values("reduce.weight", shape: shapes[0]),
            reduceBias: try reader.values("reduce.bias", shape: shapes[1]),
            expandWeights: try reader.values("expand.weight", shape: shapes[2]),
            expandBias: try reader.values("expand.bias", shape: shapes[3]))
    }

    /// Bounds every float32 sum, given that |silu(x)| ≤ |x| and how far a mean is from zero, and the rounded gate or gated value.
    func check(_ layer: LayerCheck) throws(NetworkError) {
        for (parameter, values) in zip(layer.node.operation.parameters, [reduceWeights, reduceBias, expandWeights, expandBias]) {
            try layer.requireFinite(values, parameter.suffix, count: parameter.shape.reduce(1, *))
        }
        let input = layer.input(0), output = layer.output
        let mean = [Double](repeating: input.precision.reach * Double(input.scale), count: layer.node.channels)
        let reduced = Self.bounds(weights: reduceWeights, bias: reduceBias, inputs: mean)
        let expanded = Self.bounds(weights: expandWeights, bias: expandBias, inputs: reduced)
        let greatest = (reduced + expanded).max() ?? 0
        try layer.require(
            greatest < QuantizedNetwork.Limits.float, "weights", "sums that can reach \(greatest)", "less than 2^100")
        let quotient = Double(input.scale) / Double(output.scale), exponent = layer.isInt16 ? 15 : 17
        try layer.require(
            quotient < Double(1 << exponent), "scale", "\(output.scale) from an input of \(input.scale)", "a quotient below 2^\(exponent)")
    }

    /// Greatest magnitudes of weights [outputs, inputs] · x + bias for |x| up to `inputs`.
    private static func bounds(weights: [Float], bias: [Float], inputs: [Double]) -> [Double] {
        bias.indices.map { o in
            inputs.indices.reduce(Double(bias[o].magnitude)) { $0 + Double(weights[o * inputs.count + $1].magnitude) * inputs[$1] }
        }
    }
}
