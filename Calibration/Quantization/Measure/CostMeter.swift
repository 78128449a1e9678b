import ESegNetwork
import ESegRuntime

/// Frames on which the cost of int8 is measured.
public struct MeasuredFrames {
    /// What the network's file calls them.
    public let name: String
    public let frames: LabeledFrames
    /// What the networks are given of an image; class maps are resized to the image's size.
    public let input: (RGBImage) -> RGBImage

    public init(_ frames: LabeledFrames, named name: String, input: @escaping (RGBImage) -> RGBImage = { $0 }) {
        (self.name, self.frames, self.input) = (name, frames, input)
    }
}

/// On which frames the cost of int8 is measured, and what for.
public struct CostMeasurement {
    public let frames: MeasuredFrames
    /// The loss that is allowed, in points of `AccuracyCost.loss`: outputs become int16 until it is met. nil asks for no search.
    public let maxLoss: Double?
    /// Whether the cost is written into the network's file.
    public let isRecorded: Bool

    public init(_ frames: MeasuredFrames, maxLoss: Double? = nil, isRecorded: Bool = true) {
        (self.frames, self.maxLoss, self.isRecorded) = (frames, maxLoss, isRecorded)
    }
}

/// Measures what int8 versions of a float network cost on the same frames; the float network runs over them once.
struct CostMeter {
    private let classes: Int
    private let frames: MeasuredFrames
    private let isa: ISA
    private let threads: Int
    private var executors: PerImageSize<FloatExecutor>
    /// Float's, by frame.
    private var maps: ClassMapStore

    init(_ float: FloatNetwork, on frames: MeasuredFrames, isa: ISA, threads: Int) {
        (classes, self.frames, self.isa, self.threads) = (float.classNames.count, frames, isa, threads)
        executors = PerImageSize { height, width in
            try FloatExecutor(float, height: height, width: width, isa: isa, threads: threads)
        }
        maps = ClassMapStore(count: frames.frames.count)
    }

    /// - Throws: `CompareError` without frames and for labels of another size or numbering, and what the frames and the networks throw.
    mutating func cost(of int8: QuantizedNetwork, _ report: @escaping QuantizationReport) throws -> AccuracyCost {
        guard frames.frames.count > 0 else { throw CompareError.noFrames }
        let model = try Model(int8, isa: isa), threads = threads
        var sessions = PerImageSize { height, width in try Session(model, height: height, width: width, threads: threads) }
        return try staged(.measuring, steps: frames.frames.count, report) { advance in
            var cost = AccuracyCost(classes: classes)
            for index in 0..<frames.frames.count {
                let frame = try frames.frames.frame(index), input = frames.input(frame.image)
                let float = try floatMap(of: frame, at: index, input)
                let found = try sessions.planned(height: input.height, width: input.width).segment(input)
                cost.add(frame, float: float, int8: found.resized(width: float.width, height: float.height))
                advance()
            }
            try cost.labels.check()
            return cost
        }
    }

    private mutating func floatMap(of frame: LabeledFrame, at index: Int, _ input: RGBImage) throws -> ClassMap {
        if let map = maps[index] { return map }
        let map = try executors.planned(height: input.height, width: input.width).run(input).classes
            .resized(width: frame.image.width, height: frame.image.height)
        if let labels = frame.labels, labels.count != map.classes.count {
            throw CompareError.labelCount(frame: frame.name, found: labels.count, expected: map.classes.count)
        }
        maps[index] = map
        return map
    }
}
