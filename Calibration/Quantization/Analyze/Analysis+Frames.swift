import ESegNetwork
import ESegRuntime

extension Analysis {
    /// Analyzes a network on frames, which also calibrate it, each weight rounded by itself: what techniques have to mend.
    ///
    /// - Parameters:
    ///   - labels: of each frame's pixels, or nil.
    ///   - isEqualized: whether the network is first prepared as it is for quantizing.
    ///   - range: how ranges of activations are chosen.
    ///   - report: is told the progress.
    /// - Throws: `CalibrationError`, and what `FloatExecutor` throws.
    public init(
        of float: FloatNetwork, on frames: FittingFrames, labels: [[UInt8]?], isEqualized: Bool = false, range: RangeMethod = .automatic,
        isa: ISA = .best, threads: Int, report: @escaping (QuantizationEvent) -> Void = { _ in }
    ) throws {
        let options = QuantizationOptions(
            range: range, int16Weights: .named([]), effort: .fast, without: isEqualized ? [.fitting] : Set(Technique.allCases))
        let prepared = try PreparedNetwork(float, frames: frames, options: options, isa: isa, threads: threads)
        var calibrator = try Calibrator(network: prepared.network, height: frames.height, width: frames.width, isa: isa, threads: threads)
        for image in frames.images { try calibrator.add(image: image) }
        let int8 = try Quantizer.quantize(network: prepared.network, statistics: calibrator.finish(), options: options)
        try self.init(of: prepared.network, int8: int8, on: frames, labels: labels, isa: isa, threads: threads, report)
    }

    /// What `int8`, a quantized version of the network, does to it on frames.
    init(
        of network: FloatNetwork, int8: QuantizedNetwork, on frames: FittingFrames, labels: [[UInt8]?], isa: ISA, threads: Int,
        _ report: @escaping QuantizationReport
    ) throws {
        var analyzer = try Analyzer(network, int8: int8, height: frames.height, width: frames.width, isa: isa, threads: threads)
        self = try staged(.analyzing, steps: analyzer.advances * frames.images.count, report) { advance in
            for (image, labels) in zip(frames.images, labels) { try analyzer.add(image, labels: labels, advance: advance) }
            return try analyzer.finish()
        }
    }
}
