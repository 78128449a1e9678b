import ArgumentParser
import ESegNetwork
import Quantization
import Texts

/// `eseg quantize`: calibrates float weights on frames and writes an int8 network.
struct QuantizeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "quantize", abstract: "Calibrates float weights on frames and writes an int8 network.",
        discussion: """
            Many frames can be divided among many processes, each of which observes a part; the result is the same file, byte for byte. All \
            need the same frames in the folder, the same instruction set, and the same options that prepare the network (--effort, \
            --without).

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

    @Option(
        help: ArgumentHelp(
            ImageSize.help.abstract + " (default: what the network was made for, or the first frame's size)", valueName: "WxH"))
    var size: ImageSize?

    @Option(
        help: ArgumentHelp(
            "How much time to take: fast rounds each weight by itself, default fits layers to frames and gives int16 activations where 8 bits "
                + "ruin them, best fits to more of each frame and gives them to all outputs that stand out."))
    var effort = Effort.default

    @Option(
        help: ArgumentHelp(
            "Leave out a technique: \(Technique.allCases.map(\.rawValue).joined(separator: ", ")); may be repeated.", valueName: "technique"
        ))
    var without: [Technique] = []

    @Flag(name: .customLong("verbose"), help: "Report what could not be equalized, and why.")
    var isVerbose = false

    @Option(
        help: ArgumentHelp(
            "How ranges of activations are chosen: auto, min-max, percentile, percentile:P, mse, kl or output.", valueName: "method"))
    var range = RangeMethod.automatic

    @Option(
        name: .customLong("int16"),
        help: ArgumentHelp(
            "Give int16 weights to the convolutions of this name or module; may be repeated. (default: where int8 costs most)",
            valueName: "name"))
    var int16Weights: [String] = []

    @Option(
        help: ArgumentHelp(
            "Give int16 activations to the outputs of this name or module, such as backbone.stem, and int16 weights to what reads or "
                + "writes them; may be repeated. They cost time and memory, and lose less. (default: none)",
            valueName: "name"))
    var int16Activations: [String] = []

    @Option(
        help: ArgumentHelp(
            "Give int16 activations to as few layers as lose no more than this: points of mIoU on the frames of --measure or, without labels, "
                + "percent of pixels that change their class, of the calibration frames without --measure. Exits with 1 if none do, and writes the best found.",
            valueName: "points"))
    var maxLoss: Double?

    @Option(
        help: ArgumentHelp(
            "Labeled frames, a folder with images/ and labels/, on which the cost is measured; it is written into the file.",
            valueName: "folder"))
    var measure: String?

    @Option(help: ArgumentHelp("Also write what was done to a JSON file.", valueName: "file"))
    var json: String?

    @OptionGroup(title: "Calibration in parts") var parts: CalibrationParts
    @OptionGroup var weights: FloatWeights
    @OptionGroup var execution: ExecutionOptions
    @OptionGroup var progress: ProgressOptions

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

    mutating func run() throws {
        let isa = try execution.prepare()
        try checkOutput(outputPath, inputs: [weightsPath] + (parts.statistics.map { [$0] } ?? []))
        if let json { try checkOutput(json, inputs: [weightsPath]) }
        try checkDistinct(outputPath, json)
        let given = try parts.given()
        let float = try weights.load(weightsPath)
        size = size ?? float.description.madeFor
        let frames = try CalibrationFrames(folder: calibrate, count: images, size: size)
        let display = QuantizationDisplay(tellsSkipped: isVerbose, progress: progress.progress)
        let pipeline = QuantizationPipeline(
            float, named: fileName(weightsPath), frames: frames, named: folderName(calibrate), options: options, isa: isa,
            threads: execution.threads, report: display.show)
        if let shard = parts.shard { return try write(pipeline.part(parts.checked(shard, of: frames))) }
        let result = try pipeline.run(statistics: given, measurement: measurement(of: float))
        try result.network.write(to: outputPath)
        print("\(outputPath): \(float.description.name), calibrated on \(frames.names.count) frames at \(frames.width)x\(frames.height)")
        if let doubt = result.network.doubt.seen { print(doubt.line) }
        if let cost = result.network.provenance[Provenance.cost] { print(cost) }
        if let json { try AtomicFile.write(summary(of: result, frames: frames, display).json(), to: json) }
        if let obstacle = result.search?.obstacle { throw Failure("\(outputPath): \(obstacle)") }
    }

    /// On which frames the cost of int8 is measured, if it is: those of --measure, else for --max-loss those of calibration.
    private func measurement(of float: FloatNetwork) throws -> CostMeasurement? {
        guard measure != nil || maxLoss != nil else { return nil }
        let folder = measure ?? calibrate, size = size
        let frames = try ComparisonFrames(
            path: folder, count: measure == nil ? images : nil, classCount: float.classNames.count, size: size)
        return CostMeasurement(
            MeasuredFrames(frames.frames, named: folderName(folder)) { size?.resize($0) ?? $0 }, maxLoss: maxLoss,
            isRecorded: measure != nil)
    }

    private var options: QuantizationOptions {
        QuantizationOptions(
            range: range, int16Weights: int16Weights.isEmpty ? .automatic : .named(int16Weights), int16Activations: int16Activations,
            effort: effort, without: Set(without))
    }

    private func summary(
        of result: QuantizationPipeline.Outcome, frames: CalibrationFrames, _ display: QuantizationDisplay
    ) -> QuantizationSummary {
        QuantizationSummary(
            output: outputPath, name: result.network.description.name, frames: frames.names.count,
            size: ImageSize(width: frames.width, height: frames.height),
            int16Activations: int16Activations + display.int16.filter { !int16Activations.contains($0) }, notEqualized: display.skipped,
            doubt: result.network.doubt, cost: result.cost, search: result.search)
    }

    private func write(_ part: CalibrationPart) throws {
        try part.write(to: outputPath)
        print("\(outputPath): \(part.statistics.images) of \(part.header.frames) frames")
    }

    /// An option that matters only after the frames have been observed; nil if none is given.
    private var optionAfterObserving: String? {
        let given: [(String, Bool)] = [
            ("--range", range != .automatic), ("--int16", !int16Weights.isEmpty), ("--int16-activations", !int16Activations.isEmpty),
            ("--measure", measure != nil), ("--max-loss", maxLoss != nil), ("--json", json != nil),
        ]
        return given.first { $0.1 }?.0
    }
}

extension Effort: ExpressibleByArgument {}
extension Technique: ExpressibleByArgument {}

extension RangeMethod: ExpressibleByArgument {
    public init?(argument: String) { self.init(argument) }

    public var defaultValueDescription: String { description }
}

extension DoubtCalibration.Seen {
    /// Of calibration's frames.
    fileprivate var line: String {
        "doubtful: \((100 * pixels).text(decimals: 2)) % of pixels, which hold \((100 * flips).text(decimals: 2)) % of those whose class int8 changes"
    }
}
