import ArgumentParser
import ESegImaging

/// The options of `eseg run` for streams.
struct StreamOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Frames of the input are raw: rgb24, nv12, yuyv or i420, for example 640x480:nv12.", valueName: "WxH:FORMAT"))
    var raw: RawFormat?

    @Option(
        name: .customLong("stdout"),
        help: ArgumentHelp(
            "Write a stream to standard output: raw (class indices, a byte a pixel), y4m (the same as luma) or mjpeg (overlays).",
            valueName: "kind"))
    var kind: StreamKind?

    @Flag(help: "Segment every frame of a pipe or camera, though it must wait. (default: the latest, dropping others)")
    var everyFrame = false

    /// The first option that was given, for messages.
    var given: String? {
        if raw != nil { return "--raw" }
        if kind != nil { return "--stdout" }
        return everyFrame ? "--every-frame" : nil
    }
}

/// What is written to standard output.
enum StreamKind: String, ExpressibleByArgument, CaseIterable {
    case raw, y4m, mjpeg

    func encoder(palette: Palette) throws -> any FrameEncoder {
        switch self {
        case .raw: ClassMapStreamEncoder(y4m: false)
        case .y4m: ClassMapStreamEncoder(y4m: true)
        case .mjpeg: try OverlayJPEGEncoder(palette: palette)
        }
    }
}

extension RawFormat: ExpressibleByArgument {
    public init?(argument: String) { self.init(argument) }
}
