/// An int8 network as data: the content of an `.eseg` file. The arithmetic of each operation is specified beside its parameters.
///
/// Notation: q is an 8-bit code, real = scale · (q − zeroPoint); `rne` rounds to the nearest int32, ties to even; sat8 and sat16 saturate
/// to [0, 255] and [−32768, 32767]; all float operations are single IEEE-754 binary32 operations, never contracted.
///
/// That is the arithmetic of nodes whose inputs and output have 8 bits, and of a convolution that gives the logits and reads 8 bits. The others are wide:
/// `isWide` specifies them.
public struct QuantizedNetwork: Sendable, Equatable {
    public var graph: Graph
    public var config: ESegConfig
    public var classNames: [String]
    /// Quantization of each node's output, parallel to `graph.nodes`. The logits' codes are int16; the image's entry is scale 1,
    /// zero point 0: pixels enter as they are.
    public var outputs: [Quantization]
    /// Parameters of each node, parallel to `graph.nodes`.
    public var layers: [QuantizedLayer]
    /// Of each node's output, parallel to `graph.nodes`.
    public var channelScalings: [ChannelScaling]
    /// How each node's codes were chosen, parallel to `graph.nodes`; nil where that is not known.
    public var records: [NodeRecord?]
    /// How the file came to be, shown by `inspect`: free text values by key, sorted when written.
    public var provenance: [String: String]

    /// Without channel scalings and records there are none.
    public init(
        graph: Graph, config: ESegConfig, classNames: [String], outputs: [Quantization], layers: [QuantizedLayer],
        channelScalings: [ChannelScaling]? = nil, records: [NodeRecord?]? = nil, provenance: [String: String]
    ) {
        self.graph = graph
        self.config = config
        self.classNames = classNames
        self.outputs = outputs
        self.layers = layers
        self.channelScalings = channelScalings ?? graph.nodes.map { ChannelScaling(channels: $0.channels) }
        self.records = records ?? graph.nodes.map { _ in nil }
        self.provenance = provenance
    }
}

public enum QuantizedLayer: Sendable, Equatable {
    /// Padding codes of the image's three channels: the pixel values nearest to 255 · mean.
    case image(padding: [UInt8])
    case convolution(QuantizedConvolution)
    /// As a convolution with weights [channels, kh, kw].
    case depthwise(QuantizedConvolution)
    case gate(QuantizedGate)
    /// Passes codes on, as a max-pool or a nearest-neighbor resize does; the output's quantization is the input's.
    case passing
    case sum(QuantizedSum)
    /// A sum that is wide.
    case wideSum(WideSum)
}

/// acc[c] = bias[c] + Σ (q_in − zp_in) · weights[c], an int32 that cannot overflow (the padding outside the map counts as q_in = zp_in).
///
/// For the convolution that reads the image, zp_in is 0, the normalisation is folded into weights and bias, and the padding is the image's.
/// - plain: q = sat8(zp + rne(float(acc) · multiplier[c]))
/// - with a curve: t = sat16(rne(float(acc) · multiplier[c])), q = curve(t)
/// - with a residual r: v = rne(float(acc) · multiplier[c]), v = max(v, 0) where the residual says `relu`,
///   q = sat8(zp + ((v + (r − zp_r) · m_r + 2^(shift−1)) >> shift))
/// - of logits: logit = sat16(rne(float(acc) · multiplier[c]))
public struct QuantizedConvolution: Sendable, Equatable {
    /// [out, kh, kw, in], or [channels, kh, kw] where depthwise.
    public var weights: QuantizedWeights
    public var bias: [Int32]
    /// Per output channel: input scale × weight scale / scale of what is rounded. Finite, greater than zero.
    public var multiplier: [Float]
    public var curve: SiLUCurve?
    public var residual: ResidualTerm?

    public init(weights: QuantizedWeights, bias: [Int32], multiplier: [Float], curve: SiLUCurve? = nil, residual: ResidualTerm? = nil) {
        self.weights = weights
        self.bias = bias
        self.multiplier = multiplier
        self.curve = curve
        self.residual = residual
    }
}

public enum QuantizedWeights: Sendable, Equatable {
    /// Values in −127...127.
    case int8([Int8])
    /// Values in −32639...32639, so that value = 256·high + low with both in int8 range.
    case int16([Int16])

    public var count: Int {
        switch self {
        case .int8(let values): values.count
        case .int16(let values): values.count
        }
    }
}

/// The residual input's part in a sum: (r − zp_r) · multiplier at 2^−shift of the output's step.
public struct ResidualTerm: Sendable, Equatable {
    /// rne(r's scale / output scale · 2^shift), in 1...32767.
    public var multiplier: Int16
    /// In 1...14.
    public var shift: Int
    /// The convolution's own part passes a ReLU before the sum.
    public var relu: Bool

    public init(multiplier: Int16, shift: Int, relu: Bool = false) {
        self.multiplier = multiplier
        self.shift = shift
        self.relu = relu
    }
}

/// SiLU or HardSwish of an int16 code t by integer interpolation of what they add to relu(x), in 1/64 of the output's step. For SiLU that is
/// −|x|·sigmoid(−|x|), for HardSwish −|x|·max(3 − |x|, 0)/6:
///
///     a = min(|t|, 32767), i = a >> 9, f = (a & 511) << 6, mulhrs(x, y) = (x·y + 2^14) >> 15
///     y = mulhrs(max(t, 0), gain) + base[i] + mulhrs(f, slope[i])    (additions saturate to int16, left to right)
///     q = sat8(zp + ((y + 32) >> 6))                                  (y + 32 saturates to int16)
public struct SiLUCurve: Sendable, Equatable {
    /// Scale of t.
    public var inputScale: Float
    /// rne(inputScale / output scale · 64 · 2^15), in 0...32767.
    public var gain: Int16
    /// 64 values of that at |x| = i · 512 · inputScale, in 1/64 of the output's step.
    public var base: [Int16]
    /// 64 differences to the next base.
    public var slope: [Int16]

    public init(inputScale: Float, gain: Int16, base: [Int16], slope: [Int16]) {
        self.inputScale = inputScale
        self.gain = gain
        self.base = base
        self.slope = slope
    }
}

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

/// sum = Σ_i (q_i − zp_i) · multipliers[i][c] an int32 until one rounding: v = (sum + 2^(shift−1)) >> shift.
/// - plain: q = sat8(zp + v)
/// - with a curve: q = curve(sat16(v)), the multipliers are then in steps of the curve's input scale.
public struct QuantizedSum: Sendable, Equatable {
    /// [inputs][channels], each in −32767...32767: rne(weight · input scale / scale of v · 2^shift).
    public var multipliers: [[Int16]]
    /// In 1...24.
    public var shift: Int
    public var curve: SiLUCurve?

    public init(multipliers: [[Int16]], shift: Int, curve: SiLUCurve? = nil) {
        self.multipliers = multipliers
        self.shift = shift
        self.curve = curve
    }
}
