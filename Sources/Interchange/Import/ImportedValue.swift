import ESegNetwork

/// What a tensor of an ONNX graph is in terms of this project's operations; nodes are made when it is known what belongs to them.
enum ImportedValue {
    case constant(Constant)
    /// The graph's input · scale + offset, per channel.
    case image(scale: [Double], offset: [Double])
    /// A convolution that is not yet a node: more may be folded into it.
    case linear(ImportedConvolution)
    /// One that gives blocks of pixels: a transposed convolution.
    case blocks(ImportedConvolution, DepthToSpace)
    /// A weighted sum that is not yet a node.
    case sum([ImportedTerm])
    /// The output of a node.
    case feature(Int)
    /// Max-pooling of a node's output, perhaps within a sum.
    case pooled(Int)
    /// Nearest resize of a tensor that is not yet a node: sums do it while they read.
    case upsampled(String, ResizeTarget)
    /// Bilinear resize of a node's output that is not yet a node: an activation may be part of it, or it brings logits to the image's size.
    case resized(ImportedResize)
    /// A map whose channels are looked at in two dimensions.
    case view(ImportedView)
    /// Sums of elements of a map that are taken one by one.
    case elements(ImportedElements)
    /// A tensor with zeros around it: top, left, bottom and right.
    case padded(String, [Int])
    /// The sigmoid of a tensor.
    case sigmoid(String)
    /// The softmax of a tensor over its channels, and the name that a node of it has.
    case softmax(String, label: String)
    /// A tensor of one channel that is repeated to that many.
    case spread(String, channels: Int)
    /// What a node gives, to be made when it is known whether it is part of an activation.
    case deferred(ImportedNode)
    /// What follows the logits, which are that tensor, and leaves each pixel's class as it is: softmax, argmax.
    case classes(String, isSigmoid: Bool)
}

/// One part of a weighted sum: factor · resampled tensor.
struct ImportedTerm {
    var source: String
    /// One value, or one for each channel.
    var factor: [Double] = [1]
    var resampling = Resampling.same
    /// The tensor that the sum is given, where `source` is what that upsamples.
    var upsampled: String?

    var hasFactor: Bool { factor.contains { $0 != 1 } }
}

/// A bilinear resize of a node's output.
struct ImportedResize {
    let name: String
    let input: Int
    var resize: BilinearResize
}

/// (W·x) · scale + offset, and an activation.
struct ImportedConvolution {
    let name: String
    let input: Int
    let inputChannels: Int
    let outputChannels: Int
    let window: Window
    let isDepthwise: Bool
    /// In ONNX's order: [out, in, kh, kw].
    let weights: [Float]
    var scale: [Double]
    var offset: [Double]
    var activation = Activation.none
    /// Of a PReLU: one for each channel.
    var slope: [Float] = []

    /// y · factors + terms; either has one value or one for each channel.
    mutating func fold(factors: [Double], terms: [Double]) {
        for c in 0..<outputChannels {
            let factor = factors[factors.count == 1 ? 0 : c]
            scale[c] *= factor
            offset[c] = offset[c] * factor + terms[terms.count == 1 ? 0 : c]
        }
    }

    /// Ends with an activation; slopes: of a PReLU, one for each channel or each of a block's pixel, or one.
    mutating func activate(_ activation: Activation, slopes: [Float] = []) {
        self.activation = activation
        slope = slopes.isEmpty ? [] : (0..<outputChannels).map { slopes[$0 % slopes.count] }
    }

    func operation(residual: Bool, sumActivation: Activation) -> Operation {
        isDepthwise
            ? .depthwise(Depthwise(channels: outputChannels, window: window, activation: activation))
            : .convolution(
                Convolution(
                    inputChannels: inputChannels, outputChannels: outputChannels, window: window, activation: activation,
                    residual: residual,
                    sumActivation: sumActivation))
    }

    /// Weights as this project has them: [out, kh, kw, in].
    var parameters: (weight: FloatTensor, bias: FloatTensor) {
        let inputs = isDepthwise ? 1 : inputChannels, taps = window.taps, length = inputs * taps
        let values = weights.indices.map { i -> Float in
            let (o, tap, c) = (i / length, i % length / inputs, i % inputs)
            return Float(Double(weights[o * length + c * taps + tap]) * scale[o])
        }
        let kernel = [window.rows.kernel, window.columns.kernel]
        let shape = [outputChannels] + kernel + (isDepthwise ? [] : [inputChannels])
        return (FloatTensor(shape: shape, values: values), FloatTensor(shape: [outputChannels], values: offset.map { Float($0) }))
    }
}
