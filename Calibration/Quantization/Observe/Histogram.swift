import Kernels

/// Counts of values in bins of equal, power-of-two width that always cover zero.
///
/// Bins lie at multiples of their width, and widths grow by doubling, so that the result depends neither on the order of the values nor on
/// how they were divided into calls. Memory is constant.
public struct Histogram: Sendable, Equatable {
    /// Bins at most; at least half of them lie between the least and the greatest value (or zero).
    public static let capacity = Int(ESEG_HISTOGRAM_BINS)

    /// The width of a bin is 2^exponent.
    public private(set) var exponent: Int
    /// Bin k counts values in [first + k, first + k + 1) · width.
    public private(set) var first = 0
    /// `capacity` counts; those behind the greatest value are zero.
    public private(set) var counts: [UInt64]
    /// The least and the greatest value, and zero.
    public private(set) var minimum: Float = 0
    public private(set) var maximum: Float = 0

    public init() {
        exponent = Histogram.leastExponent
        counts = Array(repeating: 0, count: Histogram.capacity)
    }

    public var width: Double { Double(sign: .plus, exponent: exponent, significand: 1) }
    public var total: UInt64 { counts.reduce(0, +) }

    /// nil unless these are `capacity` counts as values between `minimum` and `maximum` give.
    init?(minimum: Float, maximum: Float, counts: [UInt64]) {
        guard minimum <= 0, maximum >= 0, minimum.isFinite, maximum.isFinite, counts.count == Histogram.capacity else { return nil }
        (self.minimum, self.maximum, self.counts) = (minimum, maximum, counts)
        exponent = Histogram.exponent(covering: minimum, maximum)
        first = Histogram.index(of: minimum, exponent: exponent)
        let last = Histogram.index(of: maximum, exponent: exponent) - first
        guard counts.dropFirst(last + 1).allSatisfy({ $0 == 0 }) else { return nil }
    }

    /// Counts what another histogram counted.
    public mutating func merge(_ other: Histogram) {
        grow(toCover: min(minimum, other.minimum), max(maximum, other.maximum))
        for (bin, count) in other.counts.enumerated() where count > 0 {
            counts[((other.first + bin) >> (exponent - other.exponent)) - first] += count
        }
    }

    /// Counts `values`. Returns false, and counts nothing, if one of them is not finite.
    public mutating func add(_ values: UnsafeBufferPointer<Float>, threads: Int = 1) -> Bool {
        guard let start = values.baseAddress, !values.isEmpty else { return true }
        let threads = Int32(clamping: threads)
        var least: Float = 0, greatest: Float = 0
        guard eseg_value_range(start, values.count, threads, &least, &greatest) != 0 else { return false }
        grow(toCover: min(least, minimum), max(greatest, maximum))
        let inverseWidth = Float(sign: .plus, exponent: -exponent, significand: 1)
        eseg_histogram_add(start, values.count, inverseWidth, Int32(first), threads, &counts)
        return true
    }

    /// Weights of [samples][channels] values, each channel's by its own, in this histogram's bins.
    func counts(of values: [Float], channelWeights: [Double]) -> [Double] {
        var counts = [Double](repeating: 0, count: Histogram.capacity)
        for (index, value) in values.enumerated() {
            let bin = Histogram.index(of: min(max(value, minimum), maximum), exponent: exponent) - first
            counts[bin] += channelWeights[index % channelWeights.count]
        }
        return counts
    }

    /// Merges bins until there are enough for a range that includes the present one.
    private mutating func grow(toCover minimum: Float, _ maximum: Float) {
        (self.minimum, self.maximum) = (minimum, maximum)
        let exponent = max(self.exponent, Histogram.exponent(covering: minimum, maximum))
        let first = Histogram.index(of: minimum, exponent: exponent)
        guard exponent != self.exponent || first != self.first else { return }
        var merged = Array(repeating: UInt64(0), count: Histogram.capacity)
        for (bin, count) in counts.enumerated() where count > 0 {
            merged[((self.first + bin) >> (exponent - self.exponent)) - first] += count
        }
        (self.exponent, self.first, counts) = (exponent, first, merged)
    }

    /// So small that its inverse is still a float.
    private static let leastExponent = -120

    private static func exponent(covering minimum: Float, _ maximum: Float) -> Int {
        let magnitude = max(-minimum, maximum)
        guard magnitude > 0 else { return leastExponent }
        var exponent = max(leastExponent, Int(magnitude.exponent) - 12)
        while index(of: maximum, exponent: exponent) - index(of: minimum, exponent: exponent) >= capacity { exponent += 1 }
        return exponent
    }

    private static func index(of value: Float, exponent: Int) -> Int {
        Int((Double(value) * Double(sign: .plus, exponent: -exponent, significand: 1)).rounded(.down))
    }
}
