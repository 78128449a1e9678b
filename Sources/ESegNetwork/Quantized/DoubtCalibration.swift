/// Which pixels of a network's class maps are doubtful: those where 8 bits are likely to have changed the class.
///
/// A pixel's margin is how far its best logit is above the second best, both interpolated as for the class map.
public struct DoubtCalibration: Sendable, Equatable {
    /// Pixels with a smaller margin are doubtful; in units of the logits.
    public let margin: Float
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

    public init(margin: Float, seen: Seen?) { (self.margin, self.seen) = (margin, seen) }

    private static let margins: ClosedRange<Float> = 1e-6...1e6
    private static let shares = 0.0...1.0
}

// In the provenance of an `.eseg` file, which readers from before doubt pass by
extension DoubtCalibration {
    private enum Key {
        static let margin = "doubt.margin"
        static let pixels = "doubt.pixels"
        static let flips = "doubt.flips"
        static let all = [margin, pixels, flips]
    }

    /// Reads what `write` wrote: all of it, or nothing where the network was not calibrated.
    init(_ provenance: [String: String], file: String) throws(NetworkError) {
        guard Key.all.contains(where: { provenance[$0] != nil }) else {
            self = .usual
            return
        }
        func number<Number: LosslessStringConvertible & Comparable>(
            _ key: String, in range: ClosedRange<Number>
        ) throws(NetworkError) -> Number {
            if let number = provenance[key].flatMap(Number.init), range.contains(number) { return number }
            throw NetworkError(
                file: file, field: "__metadata__.calibration.\(key)", found: provenance[key].map(quoted) ?? "nothing",
                expected: "a number from \(range.lowerBound) to \(range.upperBound)")
        }
        margin = try number(Key.margin, in: Self.margins)
        seen = Seen(pixels: try number(Key.pixels, in: Self.shares), flips: try number(Key.flips, in: Self.shares))
    }

    /// Writes what was calibrated, or that nothing was.
    public func write(to provenance: inout [String: String]) {
        for key in Key.all { provenance[key] = nil }
        guard let seen else { return }
        provenance[Key.margin] = "\(min(max(margin, Self.margins.lowerBound), Self.margins.upperBound))"
        provenance[Key.pixels] = "\(seen.pixels)"
        provenance[Key.flips] = "\(seen.flips)"
    }
}

extension QuantizedNetwork {
    /// Which pixels are doubtful; `DoubtCalibration.usual` where that was not calibrated.
    public var doubt: DoubtCalibration {
        // What is wrong with it was found out when the network was read.
        (try? DoubtCalibration(provenance, file: description.name)) ?? .usual
    }
}
