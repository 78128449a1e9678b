import ArgumentParser
import Texts
import ESegImaging
import ESegNetwork
import ESegRuntime

/// `eseg demo`: the shipped network on shipped frames, to see that all works and how fast.
struct DemoCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "Segments frames that come with eseg: does it work here, and how fast?",
        discussion: "Writes NAME-overlay.png, the classes' colors over the frame, for each of two street scenes.")

    @Option(
        name: [.customShort("o"), .customLong("output")],
        help: ArgumentHelp("Folder for the overlays, made if missing.", valueName: "folder"))
    var outputFolder = "eseg-demo"

    @Option(help: ArgumentHelp("Folder of the network and frames. (default: where they were installed)", valueName: "folder"))
    var share: String?

    @OptionGroup var execution: ExecutionOptions

    private static let frameCount = 2
    private static let runsPerFrame = 5

    func run() throws {
        let isa = try execution.prepare()
        let files = try ShippedFiles(in: share)
        let model = try Model(QuantizedNetwork(contentsOf: files.model), isa: isa)
        let frames = Array(try ImageFolder(path: files.frames).paths.prefix(Self.frameCount))
        let outputs = try RunOutputs.all(images: frames, folder: outputFolder)
        try makeFolder(outputFolder)

        print("\(files.model): \(model.classNames.count) classes, \(isa), threads: \(execution.threads)")
        let palette = Palette(classNames: model.classNames)
        var segmenter = Int8Segmenter(model, size: nil, threads: execution.threads)
        var times: [Double] = []
        for (path, output) in zip(frames, outputs) {
            let image = try RGBImage(contentsOf: path)
            let map = try segmenter.segment(image).map
            times += try (0..<Self.runsPerFrame).map { _ in try segmenter.segment(image).time / .milliseconds(1) }
            try AtomicFile.write(map.overlaid(on: image, palette: palette).pngBytes(), to: output.overlay)
            print("\(fileName(path))  \(image.width)x\(image.height)  \(Self.summary(of: map, names: model.classNames))  \(output.overlay)")
        }
        print("A frame takes \(times.median.text(decimals: 1)) ms, \((1000 / times.median).text(decimals: 1)) a second.")
        print("Your own: eseg run \(files.model) FRAMES -o FOLDER")
    }

    /// A map's three most frequent classes and their shares.
    static func summary(of map: ClassMap, names: [String]) -> String {
        var counts = [Int](repeating: 0, count: 256)
        for index in map.classes { counts[Int(index)] += 1 }
        let ranked = names.indices.prefix(counts.count).sorted { (counts[$1], $0) < (counts[$0], $1) }
        return ranked.prefix(3).map { "\(names[$0]) \((100 * Double(counts[$0]) / Double(map.classes.count)).text(decimals: 0)) %" }
            .joined(separator: ", ")
    }
}
