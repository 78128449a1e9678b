import ESegImaging

/// One camera of a service, as a section "[camera NAME]" says it.
struct CameraConfig {
    static let keys = [
        "device", "capture", "fps", "pipe", "raw", "size", "every-frame", "folder", "format", "keep", "stdout", "doubt",
    ]

    enum Input {
        case device(String, CameraRequest)
        /// "-" is standard input.
        case pipe(String, RawFormat?)

        var path: String {
            switch self {
            case .device(let path, _), .pipe(let path, _): path
            }
        }
    }

    let name: String
    let input: Input
    let size: ImageSize?
    let everyFrame: Bool
    let outputs: StreamDestinations

    init(_ section: ConfigFile.Section, of file: String) throws(ConfigError) {
        name = try CameraConfig.name(section, file)
        let values = try ConfigValues(section, of: file, keys: CameraConfig.keys)
        input = try CameraConfig.input(values)
        size = try values.value("size", expected: "width and height, such as 480x360, 32 to 16384 each", ImageSize.init(argument:))
        everyFrame = try values.flag("every-frame")
        outputs = try CameraConfig.outputs(values)
    }

    private static func outputs(_ values: ConfigValues) throws(ConfigError) -> StreamDestinations {
        let outputs = StreamDestinations(
            folder: try values.path("folder"),
            format: try values.value("format", expected: MapFormat.names, MapFormat.init(argument:)) ?? .png,
            keep: try values.integer("keep", FrameRetention.counts),
            stdout: try values.value("stdout", expected: StreamKind.names, StreamKind.init(argument:)),
            withDoubt: try values.flag("doubt"))
        for key in ["format", "keep"] where values.has(key) && outputs.folder == nil {
            throw values.error(key, found: "no folder", expected: "one")
        }
        guard outputs.folder != nil || outputs.stdout != nil else {
            throw values.error("folder", found: "no output", expected: "folder or stdout")
        }
        return outputs
    }

    private static func name(_ section: ConfigFile.Section, _ file: String) throws(ConfigError) -> String {
        let words = section.title.split(separator: " ", maxSplits: 1)
        guard words.count == 2, words[0] == "camera", (1...64).contains(words[1].utf8.count), words[1].allSatisfy(isOfNames) else {
            throw ConfigError(
                file: file, line: section.line, field: "section", found: "[\(section.title)]",
                expected: "[camera NAME], the name 1 to 64 letters, digits, -, _ or .")
        }
        return String(words[1])
    }

    private static func isOfNames(_ character: Character) -> Bool {
        character.isASCII && (character.isLetter || character.isNumber || "-_.".contains(character))
    }

    private static func input(_ values: ConfigValues) throws(ConfigError) -> Input {
        let capture = try values.value("capture", expected: "a size, such as 640x480 or 640x480:yuyv", CaptureFormat.init(argument:))
        let rate = try values.integer("fps", 1...1000)
        let raw = try values.value("raw", expected: "size and layout, such as 640x480:nv12", RawFormat.init(_:))
        switch (try values.path("device"), try values.path("pipe")) {
        case (let device?, nil):
            if raw != nil { throw values.error("raw", found: "a device", expected: "a pipe") }
            return .device(device, CameraRequest(capture ?? .usual, rate: rate))
        case (nil, let pipe?):
            for key in ["capture", "fps"] where values.has(key) { throw values.error(key, found: "a pipe", expected: "a device") }
            return .pipe(pipe, raw)
        case (nil, nil): throw values.error("device", found: "no input", expected: "device or pipe")
        case (_?, _?): throw values.error("pipe", found: "a device too", expected: "one of both")
        }
    }
}
