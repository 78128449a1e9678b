import ESegNetwork

/// What a tensor of an ONNX graph is in terms of this project's operations; nodes are made when it is known what belongs to them.
enum ImportedValue {
    case constant(Constant)
    /// The graph's input · scale + offset, per channel.
    case image(scale: [Double], offset: [Double])
    /// A convolution that is not yet a node: more may be folded into it.
    case linear(ImportedConvolution)
    /// A weighted sum that is not yet a node.
    case sum([ImportedTerm])
    /// The output of a node.
    case feature(Int)
    /// Max-pooling of a node's output, perhaps within a sum.
    case pooled(Int)
    /// Nearest upsampling of a tensor, within a sum.
    case upsampled(String)
    /// The mean over all pixels of a node's output, or what a squeeze-excite makes of it.
    case gate(ImportedGate)
    /// The sigmoid of a tensor.
    case sigmoid(String)
    /// What follows the classifier, which is that node: upsampling, softmax, argmax.
    case classes(Int)
}

/// One part of a weighted sum: factor · resampled tensor.
struct ImportedTerm {
    var source: String
    /// One value, or one for each channel.
    var factor: [Double] = [1]
    var resampling = Resampling.same

    var hasFactor: Bool { factor.contains { $0 != 1 } }
}

/// (W·x) · scale + offset, and an activation.
struct ImportedConvolution {
    let name: String
    let input: Int
    let inputChannels: Int
    let outputChannels: Int
    let kernel: Int
    let stride: Int
    let isDepthwise: Bool
    /// In ONNX's order: [out, in, kh, kw].
    let weights: [Float]
    var scale: [Double]
    var offset: [Double]
    var activation = Activation.none

    /// y · factors + terms; either has one value or one for each channel.
    mutating func fold(factors: [Double], terms: [Double]) {
        for c in 0..<outputChannels {
            let factor = factors[factors.count == 1 ? 0 : c]
            scale[c] *= factor
            offset[c] = offset[c] * factor + terms[terms.count == 1 ? 0 : c]
        }
    }

    func operation(residual: Bool) -> Operation {
        isDepthwise
            ? .depthwise(Depthwise(channels: outputChannels, kernel: kernel, stride: stride, activation: activation))
            : .convolution(
                Convolution(
                    inputChannels: inputChannels, outputChannels: outputChannels, kernel: kernel, stride: stride, activation: activation,
                    residual: residual))
    }

    /// Weights as this project has them: [out, kh, kw, in].
    var parameters: (weight: FloatTensor, bias: FloatTensor) {
        let inputs = isDepthwise ? 1 : inputChannels, taps = kernel * kernel, length = inputs * taps
        let values = weights.indices.map { i -> Float in
            let (o, tap, c) = (i / length, i % length / inputs, i % inputs)
            return Float(Double(weights[o * length + c * taps + tap]) * scale[o])
        }
        let shape = isDepthwise ? [outputChannels, kernel, kernel] : [outputChannels, kernel, kernel, inputChannels]
        return (FloatTensor(shape: shape, values: values), FloatTensor(shape: [outputChannels], values: offset.map { Float($0) }))
    }
}

/// How far a squeeze-excite has come: mean, reduce, SiLU, expand, sigmoid.
struct ImportedGate {
    enum Stage { case mean, reduced, activated, expanded, gate }

    let node: Int
    var name = ""
    var stage = Stage.mean
    var reduce: (weight: FloatTensor, bias: FloatTensor)?
    var expand: (weight: FloatTensor, bias: FloatTensor)?
}
