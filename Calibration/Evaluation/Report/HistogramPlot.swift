import Quantization
import Texts

#if canImport(Glibc)
    import Glibc
#endif

/// A layer's histogram as a picture, with the range of its codes as a band behind.
struct HistogramPlot {
    private let distribution: LayerDistribution
    /// What the picture spans: all values, and the range of 8-bit codes; that of int16 codes would leave no room for the values.
    let axis: ClosedRange<Double>

    private static let bars = 80
    private static let size = (width: 320.0, height: 90.0)

    init(_ distribution: LayerDistribution) {
        self.distribution = distribution
        let values = Double(distribution.histogram.minimum)...Double(distribution.histogram.maximum)
        let range = distribution.codes.precision == .uint8 ? distribution.range : values
        axis = min(values.lowerBound, range.lowerBound)...max(values.upperBound, range.upperBound)
    }

    var svg: HTML {
        let size = HistogramPlot.size, range = distribution.range
        let left = position(range.lowerBound), right = position(range.upperBound)
        return """
            <svg viewBox="0 0 320 90" preserveAspectRatio="none" role="img" aria-label="histogram of values, and the range of codes">\
            <rect class="band" x="\(left.text(decimals: 1))" width="\((right - left).text(decimals: 1))" height="90"/>\
            <path class="bars" d="\(bars { $0 >= range.lowerBound && $0 <= range.upperBound })"/>\
            <path class="clipped" d="\(bars { $0 < range.lowerBound || $0 > range.upperBound })"/>\
            <path class="ends" d="M\(left.text(decimals: 1)) 0V\(size.height.text(decimals: 0))\
            M\(right.text(decimals: 1)) 0V\(size.height.text(decimals: 0))"/></svg>
            """
    }

    /// Counts of equal parts of the axis; a bin counts where its middle is.
    var counts: [UInt64] {
        var counts = [UInt64](repeating: 0, count: HistogramPlot.bars)
        let histogram = distribution.histogram
        for (bin, count) in histogram.counts.enumerated() where count > 0 {
            counts[bar((Double(histogram.first + bin) + 0.5) * histogram.width)] += count
        }
        return counts
    }

    /// The bars whose middle `isDrawn`, as a path.
    private func bars(where isDrawn: (Double) -> Bool) -> String {
        let size = HistogramPlot.size, counts = counts
        let width = size.width / Double(counts.count), highest = log(1 + Double(counts.max() ?? 0))
        let span = axis.upperBound - axis.lowerBound
        return counts.enumerated().filter { $1 > 0 && highest > 0 }.compactMap { index, count -> String? in
            guard isDrawn(axis.lowerBound + (Double(index) + 0.5) / Double(counts.count) * span) else { return nil }
            let height = max(1, (size.height - 4) * log(1 + Double(count)) / highest)
            let x = (Double(index) * width + 0.4).text(decimals: 1), edge = (width - 0.8).text(decimals: 1)
            return "M\(x) 90v-\(height.text(decimals: 1))h\(edge)V90z"
        }.joined()
    }

    private func bar(_ value: Double) -> Int {
        Int(min(Double(HistogramPlot.bars - 1), max(0, share(value) * Double(HistogramPlot.bars))))
    }

    private func position(_ value: Double) -> Double { share(value) * HistogramPlot.size.width }

    /// Where on the axis a value is, from 0 to 1.
    private func share(_ value: Double) -> Double {
        let span = axis.upperBound - axis.lowerBound
        return span > 0 ? min(1, max(0, (value - axis.lowerBound) / span)) : 0
    }
}
