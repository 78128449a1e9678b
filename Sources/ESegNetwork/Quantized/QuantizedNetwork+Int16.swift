extension QuantizedNetwork {
    /// Whether a node is int16: reads or writes int16 codes, but for a plain convolution that reads 8 bits and gives the logits.
    ///
    /// Every int16 operation computes a float32 value v per element, in steps of its output or, before a SiLU, in real numbers.
    /// d = q − zeroPoint is an input's code without its zero point, |d| ≤ 32768; outside a map d is 0, and the image's padding, as always.
    ///
    /// - convolution, dense or depthwise: v = float(acc) · multiplier[c], acc[c] = bias[c] + Σ d · weights[c], an int32 that cannot
    ///   overflow; with a residual r: v = max(v, 0) where the residual says `relu`, then v = v + float(d_r) · (float(m_r) · 2^−shift)
    /// - weighted sums: see `Int16Sum`
    /// - squeeze-excite: v = float(d) · f[c], f[c] = gate[c] · (input scale / output scale), the gates as in `QuantizedGate`
    /// - what passes codes on: as over 8 bits
    ///
    /// From v to the output, whose activation is the node's (none where a residual is added):
    /// - SiLU: v = silu(v) · (1 / output scale), all float32, silu by the operations of `Kernels/int16/silu.h`
    /// - 8 bits: q = sat8(zp + rne(v))
    /// - 16 bits: q = sat16(rne(v)), not below 0 after ReLU and ReLU6, whose 6 is where the scale puts code 32767
    ///
    /// What is rounded stays below 2^30, so that an int32 holds it and a zero point.
    public func isInt16(_ index: Int) -> Bool { graph.isInt16(index, outputs: outputs) }
}

extension Graph {
    /// Whether a node is int16 where nodes have these outputs.
    public func isInt16(_ index: Int, outputs: [Quantization]) -> Bool {
        let readsInt16 = nodes[index].valueInputs.contains { outputs[$0].precision == .int16 }
        return readsInt16 || outputs[index].precision == .int16 && !(index == nodes.count - 1 && nodes[index].operation.isPlainConvolution)
    }
}

extension Operation {
    /// A convolution whose accumulators, scaled, are its output: 8-bit arithmetic gives their int16 codes too.
    fileprivate var isPlainConvolution: Bool {
        guard case .convolution(let layer) = self else { return false }
        return layer.activation == .none && !layer.residual
    }
}
