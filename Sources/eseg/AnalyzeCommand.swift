import ArgumentParser
import Quantization
import ESegImaging
import ESegNetwork
import ESegRuntime

/// `eseg analyze`: which layers int8 hurts.
struct AnalyzeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "analyze", abstract: "Ranks a float network's layers by the damage that 8 bits do to each.",
        discussion: """
            Each layer is quantized alone while the rest stays float, its weights and its output separately, and then together with all \
            layers before it. Each weight is rounded by itself, without equalization unless --equalized is given: the result shows what \
            techniques have to mend, and where `eseg quantize --int16-activations` and --int16 help.
            """)

    @Argument(help: ArgumentHelp("Float weights, a safetensors or ONNX file.", valueName: "weights"))
    var weightsPath: String

    @Option(
        help: ArgumentHelp(
            "Frames: a folder with images/ and labels/, which also gives mIoU, or of images alone.", valueName: "folder"))
    var data: String

    @Option(help: ArgumentHelp("How many of them to use, evenly spaced in the sorted folder.", valueName: "n"))
    var images = 4

    @Option(
        help: ArgumentHelp(
            ImageSize.help.abstract + " (default: what the network was made for, or the first frame's size)", valueName: "WxH"))
    var size: ImageSize?

    @Option(help: ArgumentHelp("Show this many of the worst layers.", valueName: "n"))
    var top = 15

    @Flag(name: .customLong("equalized"), help: "Analyze the network as quantize equalizes it.")
    var isEqualized = false

    @Option(
        help: ArgumentHelp(
            "How ranges of activations are chosen: auto, min-max, percentile, percentile:P, mse or kl.", valueName: "method"))
    var range = RangeMethod.automatic

    @Option(help: ArgumentHelp("Also write all layers' figures to a JSON file.", valueName: "file"))
    var json: String?

    @OptionGroup var weights: FloatWeights
    @OptionGroup var execution: ExecutionOptions

    func validate() throws {
        guard (1...10_000).contains(images) else { throw ValidationError("--images: found \(images), expected 1 to 10000.") }
        guard (1...10_000).contains(top) else { throw ValidationError("--top: found \(top), expected 1 to 10000.") }
        guard range != .output else { throw ValidationError("--range: found output, expected a method that looks at one tensor.") }
    }

    mutating func run() throws {
        let isa = try execution.prepare()
        if let json { try checkOutput(json, inputs: [weightsPath]) }
        let float = try weights.load(weightsPath)
        size = size ?? float.description.madeFor
        let frames = try AnalysisFrames(path: data, count: images, classCount: float.classNames.count, size: size)
        let analysis = try Analysis(
            of: float, on: FittingFrames(frames.images), labels: frames.labels, isEqualized: isEqualized, range: range, isa: isa,
            threads: execution.threads, report: QuantizationDisplay().show)
        print(analysis.text(top: top, classNames: float.classNames))
        if let json { try AtomicFile.write(analysis.json(), to: json) }
    }
}

/// Frames of one size, with labels of that size where there are any.
private struct AnalysisFrames {
    private(set) var images: [RGBImage] = []
    private(set) var labels: [[UInt8]?] = []

    init(path: String, count: Int, classCount: Int, size: ImageSize?) throws {
        let frames = try ComparisonFrames(path: path, count: count, classCount: classCount, size: size)
        var common = size
        for index in 0..<frames.count {
            let frame = try frames.frames.frame(index)
            let size = common ?? ImageSize(of: frame.image)
            common = size
            images.append(size.resize(frame.image))
            labels.append(ImageSize(of: frame.image) == size ? frame.labels : nil)
        }
    }
}
