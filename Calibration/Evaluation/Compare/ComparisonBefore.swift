extension Comparison {
    /// How another int8 network of the same weights fared on the same frames.
    public struct Before: Sendable, Equatable {
        public var name: String
        /// What it was quantized with, as its file says.
        public var techniques: String
        public var argmaxAgreement: Double
        /// nil without labels.
        public var mIoU: Double?
        /// See ``Comparison/meanSqnrDb``.
        public var meanSqnrDb: Double?

        public init(name: String, techniques: String, argmaxAgreement: Double, mIoU: Double?, meanSqnrDb: Double?) {
            self.name = name
            self.techniques = techniques
            self.argmaxAgreement = argmaxAgreement
            self.mIoU = mIoU
            self.meanSqnrDb = meanSqnrDb
        }
    }

    /// The mean of all layers' SQNR, those left out where nothing was measured or nothing differs; nil if none are left.
    public var meanSqnrDb: Double? {
        let finite = layers.map(\.sqnrDb).filter(\.isFinite)
        return finite.isEmpty ? nil : finite.reduce(0, +) / Double(finite.count)
    }

    /// This comparison's int8 side as one to hold another against.
    public func asBefore(name: String, techniques: String) -> Before {
        Before(name: name, techniques: techniques, argmaxAgreement: argmaxAgreement, mIoU: int8.mIoU, meanSqnrDb: meanSqnrDb)
    }
}
