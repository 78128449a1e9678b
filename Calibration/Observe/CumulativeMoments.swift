/// Count, sum and sum of squares of a histogram's values below any point; values are spread evenly over their bin.
struct CumulativeMoments {
    struct Moments {
        var count = 0.0
        var sum = 0.0
        var squares = 0.0

        static func - (a: Moments, b: Moments) -> Moments {
            Moments(count: a.count - b.count, sum: a.sum - b.sum, squares: a.squares - b.squares)
        }

        /// Σ (x − value)².
        func squaredDistance(to value: Double) -> Double {
            squares - 2 * value * sum + value * value * count
        }
    }

    private let width: Double
    private let first: Int
    private let counts: [Double]
    /// Of all bins before each bin, and of all.
    private let cumulative: [Moments]

    init(_ histogram: Histogram) {
        (width, first) = (histogram.width, histogram.first)
        counts = histogram.counts.map { Double($0) }
        var running = Moments()
        var cumulative = [running]
        cumulative.reserveCapacity(counts.count + 1)
        for (bin, count) in counts.enumerated() {
            let part = CumulativeMoments.moments(of: count, from: Double(first + bin) * width, over: width)
            running = Moments(count: running.count + part.count, sum: running.sum + part.sum, squares: running.squares + part.squares)
            cumulative.append(running)
        }
        self.cumulative = cumulative
    }

    var total: Moments { cumulative[counts.count] }

    func below(_ value: Double) -> Moments {
        let position = value / width - Double(first)
        guard position > 0 else { return Moments() }
        guard position < Double(counts.count) else { return total }
        let bin = Int(position), start = Double(first + bin) * width, part = position - Double(bin)
        let before = cumulative[bin]
        let within = CumulativeMoments.moments(of: counts[bin] * part, from: start, over: part * width)
        return Moments(count: before.count + within.count, sum: before.sum + within.sum, squares: before.squares + within.squares)
    }

    /// The value that `fraction` of all values lie below.
    func quantile(_ fraction: Double) -> Double {
        let rank = fraction * total.count
        var (low, high) = (0, counts.count)
        while high - low > 1 {
            let middle = (low + high) / 2
            if cumulative[middle].count <= rank { low = middle } else { high = middle }
        }
        let part = counts[low] > 0 ? min(1, (rank - cumulative[low].count) / counts[low]) : 0
        return (Double(first + low) + part) * width
    }

    /// Σ (x − nearest code's value)² when 256 codes span `range`.
    func squaredError(of range: ValueRange) -> Double {
        let step = (range.upper - range.lower) / 255
        guard step > 0 else { return .infinity }
        let zeroPoint = (-range.lower / step).rounded()
        var error = 0.0
        var before = Moments()
        for code in 0..<256 {
            let value = (Double(code) - zeroPoint) * step
            let upTo = code == 255 ? total : below(value + step / 2)
            error += (upTo - before).squaredDistance(to: value)
            before = upTo
        }
        return error
    }

    private static func moments(of count: Double, from start: Double, over length: Double) -> Moments {
        let middle = start + length / 2
        return Moments(count: count, sum: count * middle, squares: count * (middle * middle + length * length / 12))
    }
}
