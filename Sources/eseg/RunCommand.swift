import ArgumentParser
import ESegImaging
import ESegNetwork
import ESegRuntime

/// `eseg run`: segments images or a stream of frames with an int8 network.
struct RunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Segments images, or a stream of frames, with an int8 network.",
        discussion: """
            Writes NAME.png, a palette PNG of the image's size whose indices are classes, and NAME-overlay.png, the classes' colors \
            over the image; with --doubt also NAME-doubt.png, gray and white where another class is nearly as likely: values from 128 on \
            are of doubtful pixels, which hold nearly all whose class int8 changes. An image that cannot be read is reported, the others are still segmented, and the exit status is 1; names \
            with a leading dash follow --.

            A stream is standard input (-), a single .mjpeg or Y4M file, or a camera: MJPEG, JPEG images one after the other, Y4M, or \
            raw frames. \
            Its class maps are written as 000001.png and so on, or to standard output. A damaged frame is reported and skipped, which \
            leaves the exit status 0. Counts of frames come last, on standard error.

              rpicam-vid -t 0 --codec mjpeg -o - | eseg run model.eseg - --stdout mjpeg | ffplay -f mjpeg -
              ffmpeg -i street.mp4 -f yuv4mpegpipe - | eseg run model.eseg - -o maps --every-frame
            """)

    @Argument(help: ArgumentHelp("The int8 network, an .eseg file.", valueName: "model"))
    var modelPath: String

    @Argument(help: ArgumentHelp("JPEG or PNG images, or folders of them; or one stream.", valueName: "image or folder"))
    var inputs: [String] = []

    @Option(
        name: [.customShort("o"), .customLong("output")],
        help: ArgumentHelp("Folder for the results, made if missing.", valueName: "folder"))
    var outputFolder: String?

    @Option(
        help: ArgumentHelp(
            ImageSize.help.abstract + " (default: what the network was made for, or each image's own size)", valueName: "WxH"))
    var size: ImageSize?

    @Flag(
        help: "Also tell how doubtful each pixel's class is: as NAME-doubt.png and in the counts, in streams as a second map."
    )
    var doubt = false

    @OptionGroup(title: "Streams") var stream: StreamOptions

    @OptionGroup var execution: ExecutionOptions

    func validate() throws {
        guard outputFolder != nil || stream.kind != nil else { throw ValidationError("Missing expected argument '--output <folder>'") }
        if stream.camera == nil {
            guard !inputs.isEmpty else { throw ValidationError("Missing expected argument '<image or folder> ...'") }
        } else if let input = inputs.first {
            throw ValidationError("--camera: found the input \(input) too, expected no other.")
        }
        if outputFolder == nil, let option = stream.format != nil ? "--format" : stream.keep != nil ? "--keep" : nil {
            throw ValidationError("\(option): found without --output, expected a folder of files.")
        }
        if inputs.count > 1, let input = inputs.first(where: StreamInput.isStream) {
            throw ValidationError("\(input): found other inputs too, expected a stream alone.")
        }
    }

    mutating func run() throws {
        let isa = try execution.prepare(startsThreads: false)
        let model = try Model(contentsOf: modelPath, isa: isa)
        size = size ?? model.description.madeFor
        if let input = try streamInput() {
            let run = StreamRun(
                input: input, outputs: stream.destinations(folder: outputFolder, withDoubt: doubt), everyFrame: stream.everyFrame,
                size: size)
            return try run.run(model, threads: execution.threads)
        }
        if let option = stream.given { throw Failure("\(option): found images, expected a stream: -, or a single .mjpeg or Y4M file") }
        guard let outputFolder else { return }
        try ThreadTeam.start(execution.threads)
        let run = ImageRun(images: try InputImages(inputs), outputFolder: outputFolder, size: size, withDoubt: doubt)
        try run.run(model, threads: execution.threads)
    }

    /// The stream that the arguments name; nil where they name images.
    private func streamInput() throws -> StreamInput? {
        if let camera = stream.camera { return StreamInput(camera: camera, stream.cameraRequest) }
        guard inputs.count == 1, stream.raw != nil || StreamInput.isStream(inputs[0]) else { return nil }
        return try StreamInput(inputs[0], raw: stream.raw)
    }
}
