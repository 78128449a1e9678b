import ArgumentParser
import ESegImaging
import ESegNetwork
import ESegRuntime
import Evaluation
import Quantization
import Texts

/// `eseg quantize`: calibrates float weights on frames and writes an int8 network.
struct QuantizeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "quantize", abstract: "Calibrates float weights on frames and writes an int8 network.",
        discussion: """
            Many frames can be observed by many processes, each on a part of them; the result is the same file, byte for byte. All need \
            the same frames in the folder, the same instruction set, and those options that prepare the network (--effort, --without).

              eseg quantize WEIGHTS --calibrate FRAMES --images 5000 --shard 3/16 -o part-3.stats
              eseg merge part-*.stats -o all.stats
              eseg quantize WEIGHTS --calibrate FRAMES --images 5000 --statistics all.stats -o model.eseg
            """)

    @Argument(help: ArgumentHelp("Float weights, a safetensors or ONNX file.", valueName: "weights"))
    var weightsPath: String

    @Option(help: ArgumentHelp("Folder of typical frames, JPEG or PNG; they need no labels.", valueName: "folder"))
    var calibrate: String

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("How many of them to use, evenly spaced in the sorted folder; all if there are fewer.", valueName: "n"))
    var images = 32

    @Option(
        name: [.customShort("o"), .customLong("output")],
        help: ArgumentHelp("The .eseg file to write, or with --shard the statistics.", valueName: "file"))
    var outputPath: String

    @Option(help: ArgumentHelp(ImageSize.help.abstract + " (default: the first frame's size)", valueName: "WxH"))
    var size: ImageSize?

    @Option(help: ArgumentHelp(
        "How much time to take: fast rounds each weight by itself, default fits layers to frames and gives int16 activations where 8 bits "
            + "ruin them, best fits to more of each frame and gives them to all outputs that stand out."))
    var effort = Effort.default

    @Option(help: ArgumentHelp(
        "Leave out a technique: \(Technique.allCases.map(\.rawValue).joined(separator: ", ")); may be repeated.", valueName: "technique"))
    var without: [Technique] = []

    @Flag(name: .customLong("verbose"), help: "Say what could not be equalized, and why.")
    var isVerbose = false

    @Option(help: ArgumentHelp(
        "How ranges of activations are chosen: auto, min-max, percentile, percentile:P, mse, kl or output.", valueName: "method"))
    var range = RangeMethod.automatic

    @Option(
        name: .customLong("int16"),
        help: ArgumentHelp(
            "Give int16 weights to the convolutions of this name or module; may be repeated. (default: where int8 costs most)",
            valueName: "name"))
    var int16Layers: [String] = []

    @Option(
        help: ArgumentHelp(
            "Give int16 activations to the outputs of this name or module, such as backbone.stem, and int16 weights to what reads or "
                + "writes them; may be repeated. They cost time and memory, and lose less. (default: none)",
            valueName: "name"))
    var int16Activations: [String] = []

    @Option(help: ArgumentHelp(
        "Give int16 activations to as few layers as lose no more than this: points of mIoU on the frames of --measure or, without labels, "
            + "percent of pixels that change their class, of the calibration frames without --measure. Exits with 1 if none do, and writes the best found.",
        valueName: "points"))
    var maxLoss: Double?

    @Option(help: ArgumentHelp(
        "Labelled frames, a folder with images/ and labels/, on which the cost is measured that is then written into the file.",
        valueName: "folder"))
    var measure: String?

    @OptionGroup(title: "Calibration in parts") var parts: CalibrationParts
    @OptionGroup var weights: FloatWeights
    @OptionGroup var execution: ExecutionOptions

    func validate() throws {
        guard range != .output || effort != .fast else {
            throw ValidationError("--range output: found --effort fast, expected default or best, which look at what reads a tensor.")
        }
        if let maxLoss, !(0...100).contains(maxLoss) { throw ValidationError("--max-loss: found \(maxLoss), expected 0 to 100.") }
        if let shard = parts.shard, let option = optionAfterObserving {
            throw ValidationError("\(option): found --shard \(shard) too, expected it with --statistics: observing does not need it.")
        }
        guard (1...1_000_000).contains(images) else { throw ValidationError("--images: found \(images), expected 1 to 1000000.") }
    }

    func run() throws {
        let isa = try execution.prepare()
        try checkOutput(outputPath, inputs: [weightsPath] + (parts.statistics.map { [$0] } ?? []))
        let given = try parts.given()
        let float = try weights.load(weightsPath)
        let frames = try CalibrationFrames(folder: calibrate, count: images, size: size)
        let few = try frames.fitting(float.graph)
        let prepared = try PreparedNetwork(float, frames: few, options: options, isa: isa, threads: execution.threads)
        for skip in prepared.skipped where isVerbose { print("not equalized: \(skip)") }
        let observation = Observation(network: prepared.network, frames: frames, isa: isa, threads: execution.threads)
        if let shard = parts.shard { return try write(observation.part(shard)) }
        let statistics = try given.map { try observation.statistics($0.part, from: $0.path) } ?? observation.statistics()
        let job = QuantizationJob(prepared: prepared, statistics: statistics, fitting: few, isa: isa, threads: execution.threads)
        var (int8, unmet) = try quantized(float, job)
        try int8.recordAccuracy(against: float, on: few, isa: isa, threads: execution.threads)
        int8.provenance[Provenance.weights] = fileName(weightsPath)
        int8.provenance[Provenance.frames] = folderName(calibrate)
        if let measure { int8.provenance[Provenance.cost] = try cost(of: int8, against: float, on: measure, isa: isa).line }
        try int8.write(to: outputPath)
        print("\(outputPath): \(int8.description.name), calibrated on \(frames.paths.count) frames at \(frames.size)")
        if let cost = int8.provenance[Provenance.cost] { print(cost) }
        if let unmet { throw Failure("\(outputPath): \(unmet)") }
    }

    /// The int8 network and, if it loses more than it may, why.
    private func quantized(_ float: FloatNetwork, _ job: QuantizationJob) throws -> (QuantizedNetwork, unmet: String?) {
        guard maxLoss != nil || options.techniques.contains(.mixedPrecision) else { return (try job.quantize(options), nil) }
        let analysis = try job.analyze()
        guard let maxLoss else {
            let names = analysis.needsInt16(effort)
            if !names.isEmpty { print("int16 activations: \(names.joined(separator: " "))") }
            return (try job.quantize(widened(by: names)), nil)
        }
        var unit = ""
        let outcome = try PrecisionSearch(analysis).run(target: maxLoss) { names in
            try job.quantize(widened(by: names))
        } measure: { network in
            let loss = try cost(of: network, against: float, on: measure ?? calibrate, isa: job.isa).loss
            unit = loss.unit
            return loss.points
        }
        print(outcome.summary(target: maxLoss, unit: unit))
        return (outcome.best.network, outcome.meetsTarget ? nil : outcome.obstacle(target: maxLoss, unit: unit))
    }

    private func widened(by names: [String]) -> QuantizationOptions {
        var wider = options
        wider.wideActivations += names.filter { !wider.wideActivations.contains($0) }
        return wider
    }

    private var options: QuantizationOptions {
        QuantizationOptions(
            range: range, wideLayers: int16Layers.isEmpty ? .automatic : .named(int16Layers), wideActivations: int16Activations,
            effort: effort, without: Set(without))
    }

    private func write(_ part: CalibrationPart) throws {
        try part.write(to: outputPath)
        print("\(outputPath): \(part.statistics.images) of \(part.header.frames) frames")
    }

    /// An option that matters only after the frames have been observed; nil if none is given.
    private var optionAfterObserving: String? {
        let given: [(String, Bool)] = [
            ("--range", range != .automatic), ("--int16", !int16Layers.isEmpty), ("--int16-activations", !int16Activations.isEmpty),
            ("--measure", measure != nil), ("--max-loss", maxLoss != nil),
        ]
        return given.first { $0.1 }?.0
    }

    /// What int8 costs on a folder's frames: a line for the model file, and the loss that `--max-loss` bounds.
    private func cost(
        of int8: QuantizedNetwork, against float: FloatNetwork, on folder: String, isa: ISA
    ) throws -> (line: String, loss: (points: Double, unit: String)) {
        let frames = try ComparisonFrames(
            path: folder, count: measure == nil ? images : nil, classCount: float.classNames.count, size: size)
        var comparer = Comparer(
            float: FloatNetworkSegmenter(float, size: size, threads: execution.threads, isa: isa),
            int8: try Int8Segmenter(Model(int8, isa: isa), size: size, threads: execution.threads), graph: float.graph,
            classNames: float.classNames, inspectedFrames: 0)
        var progress = ProgressBar("measuring", total: frames.count)
        defer { progress.finish() }
        let comparison = try comparer.run(frames.frames) { _ in progress.advance() }
        return (comparison.costLine(dataset: folderName(folder)), comparison.loss)
    }
}

extension Effort: ExpressibleByArgument {}
extension Technique: ExpressibleByArgument {}

extension RangeMethod: ExpressibleByArgument {
    public init?(argument: String) { self.init(argument) }

    public var defaultValueDescription: String { description }
}

extension Comparison {
    /// Points of mIoU or, without labels, of agreement.
    fileprivate var loss: (points: Double, unit: String) {
        if let before = float.mIoU, let after = int8.mIoU { return (before - after, "points of mIoU") }
        return (100 - argmaxAgreement, "% of pixels that change their class")
    }

    /// One line for a model file.
    fileprivate func costLine(dataset: String) -> String {
        var text = "argmax agreement with float \(argmaxAgreement.text(decimals: 2)) %"
        if let before = float.mIoU, let after = int8.mIoU {
            text += ", mIoU \(before.text(decimals: 2)) % to \(after.text(decimals: 2)) %"
        }
        return text + " on \(frames.count) frames of \(dataset)"
    }
}
