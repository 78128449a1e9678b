#if canImport(Glibc)
    import Glibc
#endif

/// Signal to quantization-noise ratio, Σ x² / Σ (x − x̂)², streaming over frames.
public struct SignalToNoise: Sendable, Equatable {
    package private(set) var signal = 0.0
    package private(set) var noise = 0.0
    /// Whether no value has been counted.
    public private(set) var isEmpty = true

    public init() {}

    /// Sums of some values.
    package init(signal: Double, noise: Double) { (self.signal, self.noise, isEmpty) = (signal, noise, false) }

    /// Takes in other sums.
    package mutating func add(_ other: SignalToNoise) {
        guard !other.isEmpty else { return }
        signal += other.signal
        noise += other.noise
        isEmpty = false
    }

    /// Counts values and their approximations, which are parallel; what one has more than the other is left out.
    public mutating func add(_ values: UnsafeBufferPointer<Float>, approximations: UnsafeBufferPointer<Float>) {
        let count = min(values.count, approximations.count)
        guard count > 0 else { return }
        var signal = 0.0
        var noise = 0.0
        for index in 0..<count {
            let value = Double(values[index])
            let error = value - Double(approximations[index])
            signal += value * value
            noise += error * error
        }
        self.signal += signal
        self.noise += noise
        isEmpty = false
    }

    /// The inverse ratio; 0 where nothing differs.
    public var noiseToSignal: Double { noise == 0 ? 0 : noise / signal }

    /// The ratio in decibels; infinite where nothing differs, NaN where nothing was counted or a value was not a number.
    public var decibels: Double {
        noise == 0 && signal > 0 ? .infinity : 10 * log10(signal / noise)
    }
}
