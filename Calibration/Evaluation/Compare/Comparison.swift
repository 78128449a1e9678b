import Quantization

/// What int8 costs against float on one data set. Shares are in percent, times in milliseconds, sizes in bytes.
public struct Comparison: Sendable, Equatable {
    public var classNames: [String]
    public var float: Side
    public var int8: Side
    /// The share of all pixels for which float and int8 choose the same class.
    public var argmaxAgreement: Double
    /// Every inspected layer, in the network's order.
    public var layers: [Layer]
    /// Every frame, in the data set's order.
    public var frames: [Frame]
    /// Other int8 networks of the same weights, on the same frames.
    public var before: [Before]
    /// What the labels were that quality comes from.
    public var labels: LabelTally

    public init(
        classNames: [String], float: Side, int8: Side, argmaxAgreement: Double, layers: [Layer], frames: [Frame], before: [Before] = [],
        labels: LabelTally? = nil
    ) {
        self.classNames = classNames
        self.float = float
        self.int8 = int8
        self.argmaxAgreement = argmaxAgreement
        self.layers = layers
        self.frames = frames
        self.before = before
        self.labels = labels ?? LabelTally(classes: classNames.count)
    }

    /// One network's quality and cost. Quality is nil without labels; a class's IoU is nil where the labels do not have the class.
    public struct Side: Sendable, Equatable {
        public var mIoU: Double?
        public var pixelAccuracy: Double?
        /// mIoU of the pixels that ``BoundaryLabels`` keeps.
        public var boundaryIoU: Double?
        /// Parallel to `classNames`.
        public var perClassIoU: [Double?]
        /// Median time of a frame, from pixels to class map.
        public var medianMs: Double
        /// Arena and weights.
        public var peakBytes: Int

        public init(
            mIoU: Double?, pixelAccuracy: Double?, boundaryIoU: Double?, perClassIoU: [Double?], medianMs: Double, peakBytes: Int
        ) {
            self.mIoU = mIoU
            self.pixelAccuracy = pixelAccuracy
            self.boundaryIoU = boundaryIoU
            self.perClassIoU = perClassIoU
            self.medianMs = medianMs
            self.peakBytes = peakBytes
        }
    }

    /// How far int8 has drifted from float at a layer's output, everything before it in int8 too.
    public struct Layer: Sendable, Equatable {
        public var name: String
        /// Infinite where both are equal, NaN where nothing could be measured.
        public var sqnrDb: Double

        public init(name: String, sqnrDb: Double) {
            self.name = name
            self.sqnrDb = sqnrDb
        }
    }

    public struct Frame: Sendable, Equatable, Encodable {
        public var name: String
        public var pixels: Int
        /// Pixels whose class int8 changes.
        public var flippedPixels: Int
        /// nil where int8 was not calibrated for it.
        public var doubt: Doubt?

        public init(name: String, pixels: Int, flippedPixels: Int, doubt: Doubt? = nil) {
            self.name = name
            self.pixels = pixels
            self.flippedPixels = flippedPixels
            self.doubt = doubt
        }
    }
}
