import ESegImaging
import ESegNetwork
import ESegRuntime
@preconcurrency import Glibc
import Texts

/// `eseg run` over images, one after the other in the same memory.
struct ImageRun {
    let images: InputImages
    let outputFolder: String
    let size: ImageSize?
    let withDoubt: Bool

    /// Writes each image's results and a line about it, then a line about all. Throws `Failure` where one could not be segmented, and what
    /// keeps results from being written.
    func run(_ model: Model, threads: Int) throws {
        let outputs = try RunOutputs.all(images: images.paths, folder: outputFolder, withDoubt: withDoubt)
        try makeFolder(outputFolder)
        for error in images.unusable { reportError(error) }
        let stages = try Stages(model, size: size, threads: threads, outputFolder: outputFolder, withDoubt: withDoubt)
        var times: [Double] = []
        times.reserveCapacity(images.paths.count)
        for (path, output) in zip(images.paths, outputs) {
            guard let time = stages.segment(path, resizedTo: size) else { continue }
            try stages.write(output)
            let milliseconds = time / .milliseconds(1)
            show(path)
            show("  \(stages.frame.size)  ")
            show("\(milliseconds.text(decimals: 1)) ms  ")
            show(output.classMap)
            if withDoubt { show("  \((100 * stages.frame.doubtfulShare).text(decimals: 2)) % doubtful") }
            show("\n")
            times.append(milliseconds)
        }
        if times.count > 1 {
            print("\(times.count) images, median \(times.median.text(decimals: 1)) ms (\(model.isa), threads: \(threads))")
        }
        let total = images.paths.count + images.unusable.count
        guard times.count == total else { throw Failure("\(total - times.count) of \(total) images could not be segmented") }
    }

    /// Prints a piece of a line: whole ones would be texts to allocate.
    private func show(_ text: String) { _ = text.withCString { fputs($0, stdout) } }
}

/// What images pass through.
private struct Stages {
    let frame = StreamFrame()
    private let reader: ImageFileReader
    private let segmenter: StreamSegmenter
    private let classMaps: ClassMapPNGEncoder
    private let overlays: OverlayPNGEncoder
    /// nil where doubt is not wanted.
    private let doubts: DoubtPNGEncoder?
    private let folder: AtomicFolder

    init(_ model: Model, size: ImageSize?, threads: Int, outputFolder: String, withDoubt: Bool) throws {
        let palette = Palette(classNames: model.classNames)
        reader = try ImageFileReader()
        segmenter = StreamSegmenter(model, size: size.map { ($0.width, $0.height) }, threads: threads, withDoubt: withDoubt)
        classMaps = try ClassMapPNGEncoder(palette: palette)
        overlays = try OverlayPNGEncoder(palette: palette)
        doubts = withDoubt ? try DoubtPNGEncoder() : nil
        folder = try AtomicFolder(outputFolder)
    }

    /// Reads and segments an image, or reports why that cannot be done. Returns how long the network took.
    func segment(_ path: String, resizedTo size: ImageSize?) -> Duration? {
        do {
            if try reader.read(path, into: frame) {
                reportWarning("\(path): found further images of that size behind the first, expected one; a stream's name ends with .mjpeg")
            }
            try checkSize(of: frame.size, file: path, resizedTo: size)
            return try segmenter.segment(frame)
        } catch {
            reportError(error)
            return nil
        }
    }

    /// Writes the class map, its colors over the image, and where it is wanted the map of doubt.
    func write(_ output: RunOutputs) throws {
        try classMaps.encode(frame) { classMap in
            try overlays.encode(frame) { overlay in
                guard let doubts, let path = output.doubt else {
                    return try folder.write((output.classMap, classMap), (output.overlay, overlay))
                }
                try doubts.encode(frame) { doubt in
                    try folder.write((output.classMap, classMap), (output.overlay, overlay), (path, doubt))
                }
            }
        }
    }
}
