import Kernels

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Folds the tensors of a weight file into the parameters of a `FloatNetwork`, in double precision.
struct WeightFolding {
    let file: Safetensors

    static let batchNormEpsilon = 1e-3
    static let fusionEpsilon = 1e-4

    /// The parameters of every node, named as `FloatNetwork` says. The file's tensors must have the architecture's names and shapes.
    func parameters(of architecture: Architecture) throws(NetworkError) -> [String: FloatTensor] {
        var parameters: [String: FloatTensor] = [:]
        for (node, source) in zip(architecture.graph.nodes, architecture.sources) {
            switch source {
            case .none: break
            case .convolution(let module, let bias, let batchNorm):
                let shape = node.operation.parameters.first?.shape ?? []
                let folded = try convolution(module: module, bias: bias, batchNorm: batchNorm, shape: shape)
                parameters[node.name + ".weight"] = folded.weight
                parameters[node.name + ".bias"] = folded.bias
            case .fusionWeights(let tensor, let perChannel):
                let weights = try floats(tensor)
                parameters[node.name + ".weights"] =
                    perChannel ? Self.softmax(weights) : Self.normalized(weights).repeated(node.channels)
            }
        }
        for (name, tensor) in parameters { try checkFinite(tensor, "folded \(name)") }
        return parameters
    }

    /// y = (W·x + b − mean) · γ / √(var + ε) + β as one convolution, its weights channels-last.
    private func convolution(
        module: String, bias: Bool, batchNorm: String?, shape: [Int]
    ) throws(NetworkError) -> (weight: FloatTensor, bias: FloatTensor) {
        let weight = try floats(module + ".weight")
        let (outputs, inputs, height, width) = (weight.shape[0], weight.shape[1], weight.shape[2], weight.shape[3])
        var scale = [Double](repeating: 1, count: outputs)
        var offset = [Double](repeating: 0, count: outputs)
        if bias { offset = try floats(module + ".bias").values.map(Double.init) }
        if let batchNorm {
            let gamma = try floats(batchNorm + ".weight").values
            let beta = try floats(batchNorm + ".bias").values
            let mean = try floats(batchNorm + ".running_mean").values
            let variance = try variances(batchNorm + ".running_var")
            for c in 0..<outputs {
                scale[c] = Double(gamma[c]) / (Double(variance[c]) + Self.batchNormEpsilon).squareRoot()
                offset[c] = (offset[c] - Double(mean[c])) * scale[c] + Double(beta[c])
            }
        }
        let folded = [Float](unsafeUninitializedCapacity: weight.values.count) { values, initialized in
            eseg_fold_weights(weight.values, scale, outputs, inputs, height * width, values.baseAddress)
            initialized = weight.values.count
        }
        return (FloatTensor(shape: shape, values: folded), FloatTensor(shape: [outputs], values: offset.map { Float($0) }))
    }

    private func variances(_ name: String) throws(NetworkError) -> [Float] {
        let values = try floats(name).values
        if let index = values.firstIndex(where: { $0 < 0 }) {
            throw file.error(name, "[\(index)]", found: "\(values[index])", expected: "a variance of at least 0")
        }
        return values
    }

    private func floats(_ name: String) throws(NetworkError) -> FloatTensor {
        let tensor = try file.floats(name)
        try checkFinite(tensor, name)
        return tensor
    }

    private func checkFinite(_ tensor: FloatTensor, _ name: String) throws(NetworkError) {
        let index = eseg_first_nonfinite(tensor.values, tensor.values.count)
        guard index == tensor.values.count else {
            throw file.error(name, "[\(index)]", found: "\(tensor.values[index])", expected: "a finite number")
        }
    }

    /// relu(w) / (Σ relu(w) + ε)
    private static func normalized(_ weights: FloatTensor) -> FloatTensor {
        let positive = weights.values.map { max(0, Double($0)) }
        let sum = positive.reduce(0, +) + fusionEpsilon
        return FloatTensor(shape: weights.shape, values: positive.map { Float($0 / sum) })
    }

    /// Softmax over the first of two dimensions.
    private static func softmax(_ weights: FloatTensor) -> FloatTensor {
        let (levels, channels) = (weights.shape[0], weights.shape[1])
        var values = weights.values
        for c in 0..<channels {
            let column = (0..<levels).map { Double(weights.values[$0 * channels + c]) }
            let greatest = column.max() ?? 0
            let exponentials = column.map { exp($0 - greatest) }
            let sum = exponentials.reduce(0, +)
            for level in 0..<levels { values[level * channels + c] = Float(exponentials[level] / sum) }
        }
        return FloatTensor(shape: weights.shape, values: values)
    }
}

extension FloatTensor {
    /// Each value as many times: [inputs] to [inputs, count].
    fileprivate func repeated(_ count: Int) -> FloatTensor {
        FloatTensor(shape: shape + [count], values: values.flatMap { repeatElement($0, count: count) })
    }
}
