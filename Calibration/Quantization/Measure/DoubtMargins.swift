import ESegNetwork
import ESegRuntime

/// Pixels counted by their doubt, all of them and those whose class int8 changes.
struct DoubtHistogram {
    private var pixels = [Int](repeating: 0, count: 256)
    private var flips = [Int](repeating: 0, count: 256)

    /// Counts a frame's pixels.
    mutating func add(doubt: [UInt8], float: [UInt8], int8: [UInt8]) {
        for index in doubt.indices {
            pixels[Int(doubt[index])] += 1
            if float[index] != int8[index] { flips[Int(doubt[index])] += 1 }
        }
    }

    /// How many steps down from the greatest doubt one must go for as large a share of the flips; nil where that is all the way, or where
    /// there are none.
    func steps(holding share: Double) -> Int? {
        let wanted = share * Double(flips.reduce(0, +))
        var held = 0
        for steps in 0..<255 {
            held += flips[255 - steps]
            if held > 0, Double(held) >= wanted { return steps }
        }
        return nil
    }

    /// The shares of pixels and of flips within so many steps of the greatest doubt.
    func shares(within steps: Int) -> DoubtCalibration.Seen {
        func share(_ counts: [Int]) -> Double {
            let all = counts.reduce(0, +)
            return all == 0 ? 0 : Double(counts[(255 - steps)...].reduce(0, +)) / Double(all)
        }
        return DoubtCalibration.Seen(pixels: share(pixels), flips: share(flips))
    }
}

/// Finds the least margin below which int8 keeps the class of hardly a pixel that it changes, by looking at maps of doubt in finer and finer
/// steps.
struct DoubtMargins {
    private let float: [ClassMap]
    private let frames: FittingFrames
    private let isa: ISA
    private let threads: Int

    /// The share of the frames' flips that doubtful pixels hold. Layers are fitted to these frames, so that on others it is less: of three
    /// networks on CamVid's validation frames 98.6 to 99.7 %.
    private static let heldFlips = 0.9965
    /// As many steps make the margin known to 1 %.
    private static let enoughSteps = 100
    private static let mostPasses = 8

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
        var margin = 32768 * (int8.outputs.last?.scale ?? 1), found: DoubtCalibration?
        for _ in 0..<Self.mostPasses {
            let histogram = try histogram(of: int8, margin: margin)
            guard let steps = histogram.steps(holding: Self.heldFlips) else { break }
            margin *= (Float(steps) + 0.5) / DoubtMap.steps
            found = DoubtCalibration(margin: margin, seen: histogram.shares(within: steps))
            if steps >= Self.enoughSteps { break }
        }
        return found
    }

    private func histogram(of int8: QuantizedNetwork, margin: Float) throws -> DoubtHistogram {
        var int8 = int8
        DoubtCalibration(margin: margin, seen: DoubtCalibration.Seen(pixels: 0, flips: 0)).write(to: &int8.provenance)
        let session = try Session(Model(int8, isa: isa), height: frames.height, width: frames.width, threads: threads)
        var histogram = DoubtHistogram()
        for (image, float) in zip(frames.images, float) {
            let (map, doubt) = try session.segmentWithDoubt(image)
            histogram.add(doubt: doubt, float: float.classes, int8: map.classes)
        }
        return histogram
    }
}
