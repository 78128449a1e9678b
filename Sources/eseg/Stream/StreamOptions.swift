import ArgumentParser
import ESegImaging
import ESegRuntime

/// The options of `eseg run` for streams.
struct StreamOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Capture from a camera by Video4Linux, for example /dev/video0.", valueName: "device"))
    var camera: String?

    @Option(
        help: ArgumentHelp("Size of the camera's frames, and mjpeg or yuyv where it matters. (default: 640x480)", valueName: "WxH[:FORMAT]")
    )
    var capture: CaptureFormat?

    @Option(parsing: .unconditional, help: ArgumentHelp("Frames per second to ask the camera for. (default: its own)", valueName: "n"))
    var fps: Int?

    @Option(
        help: ArgumentHelp(
            "Frames of the input are raw: rgb24, nv12, yuyv or i420, for example 640x480:nv12.", valueName: "WxH:FORMAT"))
    var raw: RawFormat?

    @Option(
        name: .customLong("stdout"),
        help: ArgumentHelp(
            "Write a stream to standard output: raw (class indices, a byte per pixel), y4m (the same as luma), mjpeg (overlays), or a line of JSON a frame: rle (run lengths of classes) or polygons (borders of regions). With --doubt, raw has a second map after each, y4m has it as Cb, mjpeg shows doubtful pixels in white, and JSON counts them.",
            valueName: "kind"))
    var kind: StreamKind?

    @Option(
        help: ArgumentHelp(
            "Write files of class maps as png, or as JSON: rle or polygons, as --stdout. (default: png)", valueName: "format"))
    var format: MapFormat?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Keep the newest n files of the output folder, those of earlier runs among them. (default: all)", valueName: "n")
    )
    var keep: Int?

    @Flag(help: "Segment every frame of a pipe or camera, which may have to wait. (default: the latest, dropping others)")
    var everyFrame = false

    var cameraRequest: CameraRequest {
        CameraRequest(capture ?? .usual, rate: fps)
    }

    func destinations(folder: String?, withDoubt: Bool) -> StreamDestinations {
        StreamDestinations(folder: folder, format: format ?? .png, keep: keep, stdout: kind, withDoubt: withDoubt)
    }

    func validate() throws {
        if let fps, !(1...1000).contains(fps) { throw ValidationError("--fps: found \(fps), expected 1 to 1000.") }
        if camera == nil, let option = capture != nil ? "--capture" : fps != nil ? "--fps" : nil {
            throw ValidationError("\(option): found without --camera, expected a camera to ask.")
        }
        if let keep, !FrameRetention.counts.contains(keep) {
            throw ValidationError(
                "--keep: found \(keep), expected \(FrameRetention.counts.lowerBound) to \(FrameRetention.counts.upperBound).")
        }
        guard raw == nil || camera == nil else { throw ValidationError("--raw: found with --camera, expected a stream of bytes.") }
    }

    /// The first option that was given, for messages.
    var given: String? {
        if raw != nil { return "--raw" }
        if kind != nil { return "--stdout" }
        if format != nil { return "--format" }
        if keep != nil { return "--keep" }
        return everyFrame ? "--every-frame" : nil
    }
}

/// What a camera's frames are to be, written "1280x720" or "1280x720:yuyv".
struct CaptureFormat: ExpressibleByArgument, CustomStringConvertible {
    let size: ImageSize
    var encoding: CameraRequest.Encoding?

    static let usual = CaptureFormat(size: ImageSize(width: 640, height: 480))

    init(size: ImageSize) { self.size = size }

    init?(argument: String) {
        let parts = argument.lowercased().split(separator: ":", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), let size = ImageSize(argument: String(parts[0])) else { return nil }
        self.size = size
        guard parts.count == 2 else { return }
        guard let encoding = CameraRequest.Encoding(rawValue: String(parts[1])) else { return nil }
        self.encoding = encoding
    }

    var description: String { encoding.map { "\(size):\($0)" } ?? "\(size)" }
}

extension CameraRequest {
    init(_ format: CaptureFormat, rate: Int?) {
        self.init(
            width: format.size.width, height: format.size.height,
            encodings: format.encoding.map { [$0] } ?? Encoding.allCases, rate: rate)
    }
}

extension RawFormat: ExpressibleByArgument {
    public init?(argument: String) { self.init(argument) }
}
