import ESegNetwork

extension PackedNetwork {
    /// What computes alike over 8-bit and int16 codes; nil for what has arithmetic of each.
    func packForAnyCodes(_ layer: QuantizedLayer, node: Node, output: Quantization) throws(RuntimeError) -> (any PackedLayer)? {
        switch (layer, node.operation) {
        case (.passing, .maxPool(let pool)): return pool.slides == MaxPool.usual ? nil : PackedWindowPool(window: pool.slides)
        case (.passing, .resize): return PackedResize()
        case (.passing, .channelMaximum): return PackedChannelMaximum()
        case (.softmax(let parameters), .softmax): return PackedSoftmax(step: parameters.step, output: int16Output(.none, output))
        case (.passing, .channelSelection(let selection)): return PackedRearrangement(selection)
        case (.passing, .depthToSpace(let space)): return PackedRearrangement(space)
        case (.concat(let parameters), .concat): return try pack(parameters, node: node, output: output)
        case (.rescaled(let parameters), .bilinearResize(let resize)):
            return PackedBilinear(resize: resize, multiplier: parameters.multiplier, output: int16Output(resize.activation, output))
        case (.rescaled(let parameters), .averagePool(let pool)):
            return PackedMean(
                window: pool.slides, countsPadding: pool.countsPadding, multiplier: parameters.multiplier,
                output: int16Output(.none, output))
        case (.rescaled(let parameters), .globalAveragePool), (.rescaled(let parameters), .adaptiveAveragePool):
            return PackedMean(multiplier: parameters.multiplier, output: int16Output(.none, output))
        case (.rescaled(let parameters), .product):
            return PackedProduct(multiplier: parameters.multiplier, output: int16Output(.none, output))
        case (.image, _), (.passing, _), (.convolution, _), (.depthwise, _), (.gate, _), (.sum, _), (.int16Sum, _), (.concat, _),
            (.rescaled, _), (.softmax, _):
            return nil
        }
    }
}
