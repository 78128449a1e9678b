import Kernels

/// The real values that a tensor's codes span; includes zero.
public struct ValueRange: Sendable, Equatable {
    public var lower: Double
    public var upper: Double

    public init(lower: Double, upper: Double) {
        self.lower = lower
        self.upper = upper
    }
}

extension Histogram {
    /// The range that `method` chooses. `automatic` is the caller's to resolve, and counts as MSE here.
    public func range(_ method: RangeMethod) -> ValueRange {
        let observed = ValueRange(lower: Double(minimum), upper: Double(maximum))
        guard minimum < maximum else { return observed }
        switch method {
        case .minMax: return observed
        case .percentile(let percent): return quantileRange(percent / 100)
        case .mse, .output, .automatic: return leastSquaresRange()
        case .kl: return leastDivergenceRange()
        }
    }

    private func quantileRange(_ fraction: Double) -> ValueRange {
        ValueRange(
            lower: max(Double(minimum), min(0, quantile(1 - fraction))), upper: min(Double(maximum), max(0, quantile(fraction))))
    }

    /// The value that `fraction` of all values lie below, each bin's spread evenly over its width.
    private func quantile(_ fraction: Double) -> Double {
        var left = fraction * Double(total)
        for (bin, count) in counts.enumerated() where count > 0 {
            if left <= Double(count) { return (Double(first + bin) + left / Double(count)) * width }
            left -= Double(count)
        }
        return Double(maximum)
    }

    /// Searches the upper end and, where values are negative, both ends in turns over fractions of the observed range.
    private func leastSquaresRange() -> ValueRange { leastSquaresRange(counts.map { Double($0) }) }

    /// The range of the least squared error over other counts of the same bins.
    func leastSquaresRange(_ counts: [Double]) -> ValueRange {
        var best = ValueRange(lower: Double(minimum), upper: Double(maximum))
        var leastError = squaredError(of: best, counts)
        func consider(_ range: ValueRange) {
            let error = squaredError(of: range, counts)
            if error < leastError { (best, leastError) = (range, error) }
        }
        let fractions = (1..<64).map { Double($0) / 64 }
        for _ in 0..<(minimum < 0 ? 2 : 1) {
            for part in fractions { consider(ValueRange(lower: best.lower, upper: Double(maximum) * part)) }
            for part in fractions where minimum < 0 { consider(ValueRange(lower: Double(minimum) * part, upper: best.upper)) }
        }
        return best
    }

    /// Σ (x − nearest code's value)² when 256 codes span `range`.
    private func squaredError(of range: ValueRange, _ counts: [Double]) -> Double {
        let step = (range.upper - range.lower) / 255
        guard step > 0 else { return .infinity }
        let lower = (range.lower / step).rounded() * step
        return eseg_histogram_squared_error(counts, Int32(counts.count), Int32(first), width, lower, step)
    }

    /// Searches ranges whose ends shrink by the same factor. Zeros are exact in every range and do not count; too few other values do not tell a
    /// distribution, and are left to least squares.
    private func leastDivergenceRange() -> ValueRange {
        var counts = counts.map { Double($0) }
        counts[-first] = 0
        guard counts.reduce(0, +) >= Double(4 * Histogram.capacity) else { return leastSquaresRange() }
        var best = ValueRange(lower: Double(minimum), upper: Double(maximum))
        var least = Double.infinity
        for step in 16...128 {
            let part = Double(step) / 128
            let candidate = ValueRange(lower: Double(minimum) * part, upper: Double(maximum) * part)
            let begin = Int((candidate.lower / width).rounded(.down)) - first
            let end = min(Histogram.capacity, Int((candidate.upper / width).rounded(.down)) - first + 1)
            guard end - begin >= 256 else { continue }
            let divergence = eseg_histogram_divergence(counts, Int32(counts.count), Int32(begin), Int32(end))
            if divergence < least { (best, least) = (candidate, divergence) }
        }
        return best
    }
}
