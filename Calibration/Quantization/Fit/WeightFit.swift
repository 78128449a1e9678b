/// A layer's least squares, dense or depthwise, and which of them count.
struct WeightFit {
    enum Solution {
        case dense(DenseFit)
        case depthwise(DepthwiseFit)
    }

    let solution: Solution
    let plan: FittingPlan

    /// [channels][taps], real per code of the input.
    var weights: [Double] {
        switch solution {
        case .dense(let fit): fit.fittedWeights
        case .depthwise(let fit): fit.fittedWeights
        }
    }

    /// Multiples of each channel's step within ±limit, [channels][taps]; nil if each weight is to be rounded by itself.
    func codes(steps: [Double], limit: Double) -> [Int16]? {
        guard plan.fitsWeights else { return nil }
        return switch solution {
        case .dense(let fit): fit.codes(steps: steps, limit: limit, sweeps: plan.sweeps)
        case .depthwise(let fit): fit.codes(steps: steps, limit: limit, sweeps: plan.sweeps)
        }
    }

    /// The bias with which codes give a channel's mean; nil if biases are not corrected.
    func bias(of channel: Int, codes: ArraySlice<Int16>, step: Double) -> Double? {
        guard plan.correctsBias else { return nil }
        let (inputs, outputs, first) =
            switch solution {
            case .dense(let fit): (fit.inputMeans, fit.outputMeans, 0)
            case .depthwise(let fit): (fit.inputMeans, fit.outputMeans, channel * fit.taps)
            }
        return zip(codes, inputs[first...]).reduce(outputs[channel]) { $0 - Double($1.0) * step * $1.1 }
    }
}
