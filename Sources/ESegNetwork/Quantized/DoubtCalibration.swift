/// Which pixels of a network's class maps are doubtful: those where 8 bits are likely to have changed the class.
///
/// A pixel's margin is how far its best logit is above the second best, both interpolated as for the class map.
public struct DoubtCalibration: Sendable, Equatable {
    /// Pixels with a smaller margin are doubtful; in units of the logits, and times the factors of both classes.
    public let margin: Float
    /// For each class, how much wider than others' the margin of pixels is that have it; all 1 where there are none.
    public let best: [Float]
    /// The same of pixels whose second best class it is.
    public let second: [Float]
    /// What calibration saw; nil where there was none.
    public let seen: Seen?

    /// Shares, 0 to 1, on the frames of calibration.
    public struct Seen: Sendable, Equatable {
        /// Of pixels, those that were doubtful.
        public let pixels: Double
        /// Of pixels whose class was not the float network's, those that were doubtful.
        public let flips: Double

        public init(pixels: Double, flips: Double) { (self.pixels, self.flips) = (pixels, flips) }
    }

    /// Of a network that was not calibrated for it.
    public static let usual = DoubtCalibration(margin: 1, seen: nil)

    /// Limits margin and factors to those that a file can have.
    public init(margin: Float, best: [Float] = [], second: [Float] = [], seen: Seen?) {
        func limited(_ value: Float, _ range: ClosedRange<Float>) -> Float { min(max(value, range.lowerBound), range.upperBound) }
        self.margin = limited(margin, Self.margins)
        self.best = best.map { limited($0, Self.factors) }
        self.second = second.map { limited($0, Self.factors) }
        self.seen = seen
    }

    private static let margins: ClosedRange<Float> = 1e-6...1e6
    private static let factors: ClosedRange<Float> = 1e-3...1e3
    private static let shares = 0.0...1.0
}

// In the provenance of an `.eseg` file, which readers from before doubt pass by
extension DoubtCalibration {
    private enum Key {
        static let margin = "doubt.margin"
        static let best = "doubt.best"
        static let second = "doubt.second"
        static let pixels = "doubt.pixels"
        static let flips = "doubt.flips"
        static let all = [margin, best, second, pixels, flips]
    }

    /// Reads what `write` wrote of a network of so many classes: all of it, or nothing where it was not calibrated.
    init(_ provenance: [String: String], classes: Int, file: String) throws(NetworkError) {
        guard Key.all.contains(where: { provenance[$0] != nil }) else {
            self = .usual
            return
        }
        func numbers<Number: LosslessStringConvertible & Comparable>(
            _ key: String, _ count: Int, in range: ClosedRange<Number>
        ) throws(NetworkError) -> [Number] {
            let texts = provenance[key].map { $0.split(separator: " ", omittingEmptySubsequences: false) } ?? []
            let numbers = texts.compactMap { Number(String($0)) }.filter(range.contains)
            guard texts.count == count, numbers.count == count else {
                throw NetworkError(
                    file: file, field: "__metadata__.calibration.\(key)", found: provenance[key].map(quoted) ?? "nothing",
                    expected: "\(count == 1 ? "a number" : "\(count) numbers") from \(range.lowerBound) to \(range.upperBound)")
            }
            return numbers
        }
        margin = try numbers(Key.margin, 1, in: Self.margins)[0]
        best = try numbers(Key.best, classes, in: Self.factors)
        second = try numbers(Key.second, classes, in: Self.factors)
        seen = Seen(pixels: try numbers(Key.pixels, 1, in: Self.shares)[0], flips: try numbers(Key.flips, 1, in: Self.shares)[0])
    }

    /// Writes what was calibrated, or that nothing was.
    public func write(to provenance: inout [String: String]) {
        for key in Key.all { provenance[key] = nil }
        guard let seen else { return }
        func text(_ factors: [Float]) -> String { factors.map { "\($0)" }.joined(separator: " ") }
        provenance[Key.margin] = "\(margin)"
        provenance[Key.best] = text(best)
        provenance[Key.second] = text(second)
        provenance[Key.pixels] = "\(seen.pixels)"
        provenance[Key.flips] = "\(seen.flips)"
    }
}

extension QuantizedNetwork {
    /// Which pixels are doubtful; `DoubtCalibration.usual` where that was not calibrated.
    public var doubt: DoubtCalibration {
        // What is wrong with it was found out when the network was read.
        (try? DoubtCalibration(provenance, classes: classNames.count, file: description.name)) ?? .usual
    }
}
