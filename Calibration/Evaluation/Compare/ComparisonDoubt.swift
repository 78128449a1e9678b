extension Comparison {
    /// Pixels that the int8 network calls doubtful.
    public struct Doubt: Sendable, Equatable, Encodable {
        public var pixels: Int
        /// Those of them whose class int8 changes.
        public var flips: Int

        public init(pixels: Int, flips: Int) { (self.pixels, self.flips) = (pixels, flips) }
    }

    /// How well doubt tells where int8 changes classes.
    public struct DoubtShares: Sendable, Equatable, Encodable {
        /// Of all pixels, those that are doubtful.
        public var pixels: Double
        /// Of all pixels whose class int8 changes, those that are doubtful; nil where there are none.
        public var flips: Double?
    }

    /// Of all frames; nil where int8 was not calibrated for it.
    public var doubt: DoubtShares? {
        let doubts = frames.compactMap(\.doubt)
        guard !doubts.isEmpty, doubts.count == frames.count else { return nil }
        func percent(_ part: Int, of whole: Int) -> Double { 100 * Double(part) / Double(whole) }
        let pixels = frames.reduce(0) { $0 + $1.pixels }, flips = frames.reduce(0) { $0 + $1.flippedPixels }
        guard pixels > 0 else { return nil }
        return DoubtShares(
            pixels: percent(doubts.reduce(0) { $0 + $1.pixels }, of: pixels),
            flips: flips == 0 ? nil : percent(doubts.reduce(0) { $0 + $1.flips }, of: flips))
    }
}
