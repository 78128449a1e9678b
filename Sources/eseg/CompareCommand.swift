import ArgumentParser
import ESegImaging
import ESegNetwork
import ESegRuntime
import Evaluation
import Quantization

/// `eseg compare`: what an int8 network costs against the float network that it was made from.
struct CompareCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare",
        abstract: "Compares an int8 network with its float original: accuracy, agreement, layers, speed, memory.",
        discussion: """
            Many frames can be compared by many processes, each on a part of them; merging their counts gives the same agreement, IoU \
            and SQNR as one run. Times are medians over all frames, wherever they were taken.

              eseg compare WEIGHTS MODEL --data DATA --shard 3/16 -o part-3.comparison
              eseg merge part-*.comparison --json all.json --report report
            """)

    @Argument(help: ArgumentHelp("Float weights, a safetensors or ONNX file.", valueName: "weights"))
    var weightsPath: String

    @Argument(help: ArgumentHelp("The int8 network, an .eseg file.", valueName: "model"))
    var modelPath: String

    @Option(
        help: ArgumentHelp(
            "Frames: a folder with images/ (JPEG, PNG) and labels/ (8-bit PNG of class indices), or of images alone.", valueName: "folder"))
    var data: String

    @Option(help: ArgumentHelp("Compare on this many frames, evenly spaced in the sorted folder. (default: all)", valueName: "n"))
    var images: Int?

    @Option(
        help: ArgumentHelp(
            ImageSize.help.abstract + " (default: what the network was made for, or each frame's own size)", valueName: "WxH"))
    var size: ImageSize?

    @Option(
        help: ArgumentHelp(
            "Compare another int8 network of the same weights too, such as one made without a technique; may be repeated.",
            valueName: "file"))
    var before: [String] = []

    @Option(help: ArgumentHelp("Also write the figures to a JSON file.", valueName: "file"))
    var json: String?

    @Option(
        help: ArgumentHelp(
            "Also write a page into a folder, made if missing: frames and maps, where the noise enters, values and their ranges.",
            valueName: "folder"))
    var report: String?

    @Option(
        help: ArgumentHelp(
            "Compare only part k of n of the frames, every n-th from the k-th on, and write counts for eseg merge. (default: all)",
            valueName: "k/n"))
    var shard: Shard?

    @Option(
        name: [.customShort("o"), .customLong("output")],
        help: ArgumentHelp("Also write the counts to a file for eseg merge; with --shard they are all that is written.", valueName: "file"))
    var outputPath: String?

    @Option(
        help: ArgumentHelp(
            "Leave out the pixels of this label, such as one for void that the network has as a class; may be repeated.", valueName: "index"
        ))
    var ignore: [UInt8] = []

    @OptionGroup var weights: FloatWeights
    @OptionGroup var execution: ExecutionOptions
    @OptionGroup var progress: ProgressOptions

    func validate() throws {
        if let images, images < 1 { throw ValidationError("--images: found \(images), expected at least 1.") }
        guard let shard else { return }
        guard outputPath != nil else { throw ValidationError("--shard: found no --output, expected one for the counts of part \(shard).") }
        if let option = json != nil ? "--json" : report != nil ? "--report" : !before.isEmpty ? "--before" : nil {
            throw ValidationError("\(option): found --shard \(shard) too, expected it with eseg merge, when all parts are there.")
        }
    }

    mutating func run() throws {
        let isa = try execution.prepare()
        if let json { try checkOutput(json, inputs: [weightsPath, modelPath] + before) }
        try checkDistinct(outputPath, json)
        let float = try weights.load(weightsPath)
        size = size ?? float.description.madeFor
        let int8 = try int8Version(of: float, at: modelPath, weights: weightsPath)
        let earlier = try EarlierNetworks(before, of: float, weights: weightsPath)
        let frames = try ComparisonFrames(path: data, count: images, classCount: float.classNames.count, size: size, ignored: Set(ignore))
        if let report { try makeFolder(report) }
        if let outputPath { try checkOutput(outputPath, inputs: [weightsPath, modelPath]) }
        var comparer = Comparer(
            float: FloatNetworkSegmenter(float, size: size, threads: execution.threads, isa: isa),
            int8: try Int8Segmenter(Model(int8, isa: isa), size: size, threads: execution.threads), graph: float.graph,
            classNames: float.classNames)
        var gallery = FrameGallery(of: frames.count)
        var distributions = report == nil ? nil : LayerDistributions(of: int8)
        let tally = try compare(frames, with: &comparer, gallery: &gallery, distributions: &distributions)
        if let outputPath {
            let part = try part(tally, float: float, frames: frames, isa: isa)
            try part.write(to: outputPath)
            if shard != nil { return print("\(outputPath): \(part.header.summary)") }
        }
        let context = ReportContext(names, classNames: float.classNames, threads: [execution.threads], isa: "\(isa)", size: sizeText)
        var comparison = tally.comparison
        comparison.before = try earlier.compare(
            on: frames, with: float, size: size, threads: execution.threads, isa: isa,
            progress: progress.progress)
        let network = try report.map { _ in try ReportedNetwork(int8, distributions: distributions) }
        try comparison.publish(json: json, report: report, context: context, gallery: gallery, network: network)
    }

    private func compare(
        _ frames: ComparisonFrames, with comparer: inout Comparer<FloatNetworkSegmenter, Int8Segmenter>, gallery: inout FrameGallery,
        distributions: inout LayerDistributions?
    ) throws -> ComparisonTally {
        let shard = shard ?? .whole
        guard shard.count <= frames.count else { throw tooManyParts(shard, frames: frames.count) }
        var progress = ProgressBar("comparing", total: shard.frames(of: frames.count).count, as: self.progress.progress)
        defer { progress.finish() }
        return try comparer.tally(frames.frames, shard: shard) { frame in
            if self.shard == nil { gallery.offer(frame) }
            progress.advance()
        } observe: { node, values in
            distributions?.add(node, values, threads: execution.threads)
        }
    }

    private func part(_ tally: ComparisonTally, float: FloatNetwork, frames: ComparisonFrames, isa: ISA) throws -> ComparisonPart {
        guard Shard.counts.contains(frames.count) else {
            throw Failure("\(data): found \(frames.count) frames, expected at most \(Shard.counts.upperBound) for --output")
        }
        return ComparisonPart(
            of: float, model: try Safetensors(contentsOf: modelPath).text("sha256"), isa: "\(isa)", size: sizeText,
            frameNames: frames.names, shard: shard ?? .whole, names: names, threads: execution.threads, tally: tally)
    }

    private var names: ComparisonPart.Names {
        ComparisonPart.Names(weights: fileName(weightsPath), model: fileName(modelPath), dataset: fileName(data))
    }

    private var sizeText: String { size.map { "\($0)" } ?? "each frame's own" }
}

extension ReportContext {
    init(_ names: ComparisonPart.Names, classNames: [String], threads: [Int], isa: String, size: String) {
        let palette = Palette(classNames: classNames)
        self.init(
            floatModel: names.weights, int8Model: names.model, dataset: names.dataset,
            settings: [
                .init(name: "threads", value: threads.map { "\($0)" }.joined(separator: ", ")),
                .init(name: "instruction set", value: isa), .init(name: "size", value: size),
            ],
            colors: palette.colors.prefix(classNames.count).map { Color($0.red, $0.green, $0.blue) })
    }
}

extension Comparison {
    /// Prints the comparison, and writes what else was asked for.
    func publish(json: String?, report: String?, context: ReportContext, gallery: FrameGallery, network: ReportedNetwork? = nil) throws {
        print(table(), terminator: "")
        if let json { try AtomicFile.write(self.json(), to: json) }
        guard let report else { return }
        let page = HTMLReport(self, context: context, gallery: gallery, network: network)
        let path = report.hasSuffix("/") ? report + "index.html" : report + "/index.html"
        try AtomicFile.write(page.page(pictures: .files), to: path)
        print("report: \(path)")
    }
}

extension PictureEncoder {
    /// JPEG and PNG files as `ESegImaging` writes them.
    fileprivate static var files: PictureEncoder {
        PictureEncoder(jpeg: { try $0.jpegBytes(quality: 85) }, png: { try $0.pngBytes() })
    }
}
