extension Operation {
    /// A few words, for example "conv 3x3 /2 relu6".
    package var summary: String {
        func words(_ kind: String, _ kernel: Int, _ stride: Int, _ activation: Activation) -> String {
            "\(kind) \(kernel)x\(kernel)" + (stride > 1 ? " /\(stride)" : "") + activation.suffix
        }
        switch self {
        case .image: return "image"
        case .convolution(let c): return words("conv", c.kernel, c.stride, c.activation) + (c.residual ? " + residual" : "")
        case .depthwise(let d): return words("depthwise", d.kernel, d.stride, d.activation)
        case .squeezeExcite: return "squeeze-excite"
        case .maxPool: return "max-pool 3x3 /2"
        case .fusion(let f): return "sum of " + f.resampling.map(\.rawValue).joined(separator: ", ") + f.activation.suffix
        case .pyramidSum(let levels, _): return "sum of \(levels) levels"
        }
    }
}

extension Activation {
    fileprivate var suffix: String { self == .none ? "" : " \(rawValue)" }
}
