/// The parameters of one node of a quantized network; their types specify the arithmetic.
public enum QuantizedLayer: Sendable, Equatable {
    /// Padding codes of the image's three channels: the pixel values nearest to 255 · mean.
    case image(padding: [UInt8])
    case convolution(QuantizedConvolution)
    /// Like a convolution, with weights [channels, kh, kw].
    case depthwise(QuantizedConvolution)
    case gate(QuantizedGate)
    /// Passes codes on, as a max-pool or a nearest-neighbor resize does; the output's quantization is the input's.
    case passing
    case sum(QuantizedSum)
    /// A sum that is int16.
    case int16Sum(Int16Sum)
    case concat(QuantizedConcat)
    /// An operator of its own on codes, scaled by one multiplier.
    case rescaled(QuantizedRescaling)
    case softmax(QuantizedSoftmax)
}

/// The kinds of layers, and which of them an operator has is told by its description.
package enum LayerKind: Sendable, Equatable {
    case image, convolution, depthwise, gate, passing, sum, int16Sum, concat, rescaled, softmax
}

extension QuantizedLayer {
    package var kind: LayerKind {
        switch self {
        case .image: .image
        case .convolution: .convolution
        case .depthwise: .depthwise
        case .gate: .gate
        case .passing: .passing
        case .sum: .sum
        case .int16Sum: .int16Sum
        case .concat: .concat
        case .rescaled: .rescaled
        case .softmax: .softmax
        }
    }

    /// The parameters' description.
    var described: any QuantizedParameters {
        switch self {
        case .image(let padding): ImagePadding(codes: padding)
        case .convolution(let parameters), .depthwise(let parameters): parameters
        case .gate(let parameters): parameters
        case .passing: PassedCodes()
        case .sum(let parameters): parameters
        case .int16Sum(let parameters): parameters
        case .concat(let parameters): parameters
        case .rescaled(let parameters): parameters
        case .softmax(let parameters): parameters
        }
    }

    /// Reads a layer of a kind.
    init(_ kind: LayerKind, _ reader: inout LayerReader) throws(NetworkError) {
        switch kind {
        case .image: self = .image(padding: try ImagePadding(&reader).codes)
        case .convolution: self = .convolution(try QuantizedConvolution(&reader))
        case .depthwise: self = .depthwise(try QuantizedConvolution(&reader))
        case .gate: self = .gate(try QuantizedGate(&reader))
        case .passing: self = .passing
        case .sum: self = .sum(try QuantizedSum(&reader))
        case .int16Sum: self = .int16Sum(try Int16Sum(&reader))
        case .concat: self = .concat(try QuantizedConcat(&reader))
        case .rescaled: self = .rescaled(try QuantizedRescaling(&reader))
        case .softmax: self = .softmax(try QuantizedSoftmax(&reader))
        }
    }

    /// "int8", "int16" or "float32"; nil without weights.
    package var weightType: String? { described.weightType }
    /// Weights and biases.
    package var parameterCount: Int { described.parameterCount }

    /// The parameters of a convolution, dense or depthwise.
    package var convolution: QuantizedConvolution? {
        switch self {
        case .convolution(let layer), .depthwise(let layer): layer
        case .image, .gate, .passing, .sum, .int16Sum, .concat, .rescaled, .softmax: nil
        }
    }

    /// The curve that its 8-bit codes pass.
    package var curve: ActivationCurve? {
        switch self {
        case .convolution(let layer), .depthwise(let layer): layer.curve
        case .sum(let sum): sum.curve
        case .image, .gate, .passing, .int16Sum, .concat, .rescaled, .softmax: nil
        }
    }
}
