import ArgumentParser
import Calibration
import ESegImaging
import ESegNetwork
import ESegRuntime

/// `eseg quantize`: calibrates float weights on frames and writes an int8 network.
struct QuantizeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "quantize", abstract: "Calibrates float weights on frames and writes an int8 network.")

    @Argument(help: ArgumentHelp("Float weights, a safetensors or ONNX file.", valueName: "weights"))
    var weightsPath: String

    @Option(help: ArgumentHelp("Folder of typical frames, JPEG or PNG; they need no labels.", valueName: "folder"))
    var calibrate: String

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("How many of them to use, evenly spaced in the sorted folder; all if there are fewer.", valueName: "n"))
    var images = 32

    @Option(name: [.customShort("o"), .customLong("output")], help: ArgumentHelp("The .eseg file to write.", valueName: "file"))
    var outputPath: String

    @Option(help: ArgumentHelp(ImageSize.help.abstract + " (default: the first frame's size)", valueName: "WxH"))
    var size: ImageSize?

    @Option(help: ArgumentHelp(
        "How ranges of activations are chosen: auto, min-max, percentile, percentile:P, mse or kl.", valueName: "method"))
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
        "Labelled frames, a folder with images/ and labels/, on which the cost is measured that is then written into the file.",
        valueName: "folder"))
    var measure: String?

    @OptionGroup var weights: FloatWeights
    @OptionGroup var execution: ExecutionOptions

    func validate() throws {
        guard (1...1_000_000).contains(images) else { throw ValidationError("--images: found \(images), expected 1 to 1000000.") }
    }

    func run() throws {
        let isa = try execution.prepare()
        try checkOutput(outputPath, inputs: [weightsPath])
        let float = try weights.load(weightsPath)
        let options = QuantizationOptions(
            range: range, wideLayers: int16Layers.isEmpty ? .automatic : .named(int16Layers), wideActivations: int16Activations)
        let statistics = try calibrated(float, isa: isa)
        var int8 = try Quantizer.quantize(network: float, statistics: statistics, options: options)
        int8.provenance[Provenance.weights] = fileName(weightsPath)
        int8.provenance[Provenance.frames] = folderName(calibrate)
        if let measure { int8.provenance[Provenance.cost] = try cost(of: int8, against: float, on: measure, isa: isa) }
        try int8.write(to: outputPath)
        print("\(outputPath): \(int8.config.name), calibrated on \(statistics.images) frames at \(statistics.width)x\(statistics.height)")
        if let cost = int8.provenance[Provenance.cost] { print(cost) }
    }

    private func calibrated(_ network: FloatNetwork, isa: ISA) throws -> CalibrationStatistics {
        let folder = try ImageFolder(path: calibrate)
        let paths = evenlySpacedIndices(images, of: folder.paths.count).map { folder.paths[$0] }
        var calibrator: (engine: Calibrator, size: ImageSize)?
        var progress = ProgressBar("calibrating", total: paths.count)
        defer { progress.finish() }
        for path in paths {
            let image = try RGBImage(contentsOf: path)
            let size = try calibrator?.size ?? firstSize(of: image, file: path)
            if calibrator == nil {
                let engine = try Calibrator(network: network, height: size.height, width: size.width, isa: isa, threads: execution.threads)
                calibrator = (engine, size)
            }
            try calibrator?.engine.add(image: size.resize(image))
            progress.advance()
        }
        guard let calibrator else { throw CalibrationError.noImages }
        return try calibrator.engine.finish()
    }

    /// The size that all frames are resized to.
    private func firstSize(of image: RGBImage, file: String) throws -> ImageSize {
        try checkSize(of: image, file: file, resizedTo: size)
        return size ?? ImageSize(of: image)
    }

    private func cost(of int8: QuantizedNetwork, against float: FloatNetwork, on folder: String, isa: ISA) throws -> String {
        let frames = try ComparisonFrames(path: folder, count: nil, classCount: float.config.classes, size: size)
        var comparer = Comparer(
            float: FloatNetworkSegmenter(float, size: size, threads: execution.threads, isa: isa),
            int8: try Int8Segmenter(Model(int8, isa: isa), size: size, threads: execution.threads), graph: float.graph,
            classNames: float.classNames, inspectedFrames: 0)
        var progress = ProgressBar("measuring", total: frames.count)
        defer { progress.finish() }
        let comparison = try comparer.run(frames.frames) { _ in progress.advance() }
        return comparison.costLine(dataset: folderName(folder))
    }
}

extension RangeMethod: ExpressibleByArgument {
    public init?(argument: String) { self.init(argument) }

    public var defaultValueDescription: String { description }
}

extension Comparison {
    /// One line for a model file.
    fileprivate func costLine(dataset: String) -> String {
        var text = "argmax agreement with float \(argmaxAgreement.text(decimals: 2)) %"
        if let before = float.mIoU, let after = int8.mIoU {
            text += ", mIoU \(before.text(decimals: 2)) % to \(after.text(decimals: 2)) %"
        }
        return text + " on \(frames.count) frames of \(dataset)"
    }
}
