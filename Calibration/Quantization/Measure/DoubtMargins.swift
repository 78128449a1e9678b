import ESegNetwork
import ESegRuntime

/// Finds the margins below which int8 is likely to change a pixel's class. They differ by the two best classes: what 8 bits do to logits is
/// not the same everywhere.
struct DoubtMargins {
    private let float: [ClassMap]
    private let frames: FittingFrames
    private let isa: ISA
    private let threads: Int

    /// The share of the frames' flips that doubtful pixels hold at least …
    private static let leastFlips = 0.99
    /// … and at most, as many as these pixels hold: layers are fitted to these frames, of others' flips doubtful pixels hold less. Of three
    /// networks on CamVid's validation frames they held 98.6 to 99 %.
    private static let mostFlips = 0.9985
    private static let mostPixels = 0.053
    /// A class's margin is as wide as the pixels that it adds hold one flip in a hundred …
    private static let flipsPerPixel = 0.01
    /// … where there are as many flips as that, to tell.
    private static let fewFlips = 30

    /// Segments the frames with the float network.
    init(_ float: FloatNetwork, on frames: FittingFrames, isa: ISA, threads: Int, _ report: @escaping QuantizationReport) throws {
        let executor = try FloatExecutor(float, height: frames.height, width: frames.width, isa: isa, threads: threads)
        self.float = try staged(.doubt, steps: frames.images.count, report) { advance in
            try frames.images.map { image in
                advance()
                return try executor.run(image).classes
            }
        }
        (self.frames, self.isa, self.threads) = (frames, isa, threads)
    }

    /// What holds for an int8 version of the network; nil where it changes no pixel's class.
    func calibration(of int8: QuantizedNetwork) throws -> DoubtCalibration? {
        let classes = int8.classNames.count, session = try session(int8)
        guard classes > 1, let step = int8.outputs.last?.scale else { return nil }
        var byBest = [MarginHistogram](repeating: MarginHistogram(), count: classes), bySecond = byBest
        try visit(session) { margin, best, second, isFlip in
            byBest[best].add(margin, isFlip: isFlip)
            bySecond[second].add(margin, isFlip: isFlip)
        }
        let best = Self.factors(byBest), second = Self.factors(bySecond)
        var scaled = MarginHistogram()
        try visit(session) { margin, a, b, isFlip in scaled.add(margin / (best[a] * second[b]), isFlip: isFlip) }
        guard let least = scaled.margin(holding: Self.leastFlips), let most = scaled.margin(holding: Self.mostFlips) else { return nil }
        let margin = max(least, min(most, scaled.margin(ofPixels: Self.mostPixels)))
        return DoubtCalibration(margin: margin * step, best: best, second: second, seen: scaled.shares(below: margin))
    }

    private func session(_ int8: QuantizedNetwork) throws -> Session {
        try Session(Model(int8, isa: isa), height: frames.height, width: frames.width, threads: threads)
    }

    /// Calls `body` with each pixel's margin, in steps of the logits, its best two classes, and whether float chose another.
    private func visit(_ session: Session, _ body: (_ margin: Float, _ best: Int, _ second: Int, _ isFlip: Bool) -> Void) throws {
        for (image, float) in zip(frames.images, float) {
            let int8 = try session.segment(image), (margins, seconds) = session.margins()
            for index in margins.indices {
                body(margins[index], Int(int8.classes[index]), Int(seconds[index]), float.classes[index] != int8.classes[index])
            }
        }
    }

    /// By how much wider than usual the margins of classes are: half of it, as the best class and the second each have a say.
    private static func factors(_ histograms: [MarginHistogram]) -> [Float] {
        var all = MarginHistogram()
        for histogram in histograms { all.add(histogram) }
        guard let usual = all.margin(worth: flipsPerPixel) else { return histograms.map { _ in 1 } }
        return histograms.map { histogram in
            let own = histogram.flipCount < fewFlips ? nil : histogram.margin(worth: flipsPerPixel)
            return ((own ?? usual) / usual).squareRoot()
        }
    }
}
