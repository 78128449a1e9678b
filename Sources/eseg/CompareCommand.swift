import ArgumentParser
import Calibration
import ESegImaging
import ESegNetwork
import ESegRuntime

/// `eseg compare`: what an int8 network costs against the float network that it was made from.
struct CompareCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare",
        abstract: "Compares an int8 network with its float original: accuracy, agreement, layers, speed, memory.")

    @Argument(help: ArgumentHelp("Float weights, a safetensors or ONNX file.", valueName: "weights"))
    var weightsPath: String

    @Argument(help: ArgumentHelp("The int8 network, an .eseg file.", valueName: "model"))
    var modelPath: String

    @Option(help: ArgumentHelp(
        "Frames: a folder with images/ (JPEG, PNG) and labels/ (8-bit PNG of class indices), or of images alone.", valueName: "folder"))
    var data: String

    @Option(help: ArgumentHelp("Compare on so many frames, evenly spaced in the sorted folder. (default: all)", valueName: "n"))
    var images: Int?

    @Option(help: ArgumentHelp(ImageSize.help.abstract + " (default: each frame's own size)", valueName: "WxH"))
    var size: ImageSize?

    @Option(help: ArgumentHelp("Also write the figures to a JSON file.", valueName: "file"))
    var json: String?

    @Option(help: ArgumentHelp("Also write a page with frames, maps and layers into a folder, made if missing.", valueName: "folder"))
    var report: String?

    @OptionGroup var weights: FloatWeights
    @OptionGroup var execution: ExecutionOptions

    func validate() throws {
        if let images, images < 1 { throw ValidationError("--images: found \(images), expected at least 1.") }
    }

    func run() throws {
        let isa = try execution.prepare()
        if let json { try checkOutput(json, inputs: [weightsPath, modelPath]) }
        let float = try weights.load(weightsPath)
        let int8 = try QuantizedNetwork(contentsOf: modelPath)
        guard int8.graph == float.graph, int8.classNames == float.classNames else {
            throw Failure("\(modelPath): network: found \(int8.config.name), expected one made from \(weightsPath) (\(float.config.name))")
        }
        let frames = try ComparisonFrames(path: data, count: images, classCount: float.config.classes, size: size)
        if let report { try makeFolder(report) }
        var comparer = Comparer(
            float: FloatNetworkSegmenter(float, size: size, threads: execution.threads, isa: isa),
            int8: try Int8Segmenter(Model(int8, isa: isa), size: size, threads: execution.threads), graph: float.graph,
            classNames: float.classNames)
        var gallery = FrameGallery(of: frames.count)
        let comparison = try compare(frames, with: &comparer, gallery: &gallery)

        print(comparison.table(), terminator: "")
        if let json { try AtomicFile.write(comparison.json(), to: json) }
        if let report {
            let page = HTMLReport(comparison, context: context(float, isa: isa), gallery: gallery)
            let path = report.hasSuffix("/") ? report + "index.html" : report + "/index.html"
            try AtomicFile.write(page.page(pictures: .files), to: path)
            print("report: \(path)")
        }
    }

    private func compare(
        _ frames: ComparisonFrames, with comparer: inout Comparer<FloatNetworkSegmenter, Int8Segmenter>, gallery: inout FrameGallery
    ) throws -> Comparison {
        var progress = ProgressBar("comparing", total: frames.count)
        defer { progress.finish() }
        return try comparer.run(frames.frames) { frame in
            gallery.offer(frame)
            progress.advance()
        }
    }

    private func context(_ network: FloatNetwork, isa: ISA) -> ReportContext {
        let palette = Palette(classNames: network.classNames)
        return ReportContext(
            floatModel: fileName(weightsPath), int8Model: fileName(modelPath), dataset: fileName(data),
            settings: [
                .init(name: "threads", value: "\(execution.threads)"), .init(name: "instruction set", value: "\(isa)"),
                .init(name: "size", value: size.map { "\($0)" } ?? "each frame's own"),
            ],
            colors: palette.colors.prefix(network.classNames.count).map { Color($0.red, $0.green, $0.blue) })
    }
}

extension PictureEncoder {
    /// JPEG and PNG files as `ESegImaging` writes them.
    fileprivate static var files: PictureEncoder {
        PictureEncoder(jpeg: { try $0.jpegBytes(quality: 85) }, png: { try $0.pngBytes() })
    }
}
