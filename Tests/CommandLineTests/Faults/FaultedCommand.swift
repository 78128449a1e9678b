import Testing

/// A command line of `eseg` that faults meet. It reads the files of `FaultInputs`, which are in the folder `in`, and writes to `out`.
struct FaultedCommand: Sendable, CustomTestStringConvertible {
    let name: String
    let arguments: String
    /// Standard input.
    var input = "/dev/null"
    /// Whether standard output is a file of its results, `out/stdout`, instead of text.
    var streams = false
    /// Whether results say how long something took, so that they are not the same bytes each time.
    var isTimed = false

    static let camera = "/dev/video99"

    var testDescription: String { name }

    /// Whether results come one after the other, so that fewer of them may be right.
    var isStream: Bool { input != "/dev/null" || arguments.contains("--camera") }

    private static let quantize = "quantize in/weights.safetensors --calibrate in/frames/images --size 32x32 --effort fast"

    /// Every command that writes files.
    static let writing: [FaultedCommand] = [
        .init(name: "quantize", arguments: quantize + " --threads 2 -o out/model.eseg --json out/a.json"),
        .init(name: "quantize --shard", arguments: quantize + " --threads 2 --shard 1/2 -o out/1.stats"),
        .init(name: "merge statistics", arguments: "merge in/1.stats in/2.stats -o out/all.stats"),
        .init(
            name: "merge comparisons",
            arguments: "merge in/1.comparison in/2.comparison --json out/all.json --report out -o out/all.comparison"),
        .init(name: "run", arguments: "run in/model.eseg in/image.jpg in/flat.png -o out --threads 2"),
        .init(name: "stream to a folder", arguments: "run in/model.eseg - --every-frame -o out --threads 2", input: "in/stream"),
        .init(
            name: "stream to standard output", arguments: "run in/model.eseg - --every-frame --stdout mjpeg --threads 2",
            input: "in/stream", streams: true),
        .init(name: "clip", arguments: "run in/model.eseg in/clip.y4m -o out --threads 1"),
        .init(
            name: "camera", arguments: "run in/model.eseg --camera \(camera) --fps 5 --capture 48x32 --every-frame -o out --threads 2"),
        .init(name: "export", arguments: "export in/model.eseg --onnx out/model.onnx"),
        .init(
            name: "compare",
            arguments:
                "compare in/weights.safetensors in/model.eseg --data in/frames --json out/a.json --report out -o out/a.comparison --threads 2",
            isTimed: true),
        .init(
            name: "analyze",
            arguments: "analyze in/weights.safetensors --data in/frames --images 1 --size 32x32 --json out/a.json --threads 2"),
        .init(name: "diff", arguments: "diff in/model.eseg in/other.eseg --json out/a.json"),
        .init(
            name: "bench", arguments: "bench in/model.eseg --size 32x32 --runs 1 --warm-up 0 --json out/a.json --threads 2", isTimed: true),
        .init(name: "inspect to a file", arguments: "inspect in/model.eseg --json out/a.json --threads 2"),
        .init(name: "decode", arguments: "decode in/image.jpg", streams: true),
        .init(name: "demo", arguments: "demo --share in/share -o out --threads 2"),
    ]

    static let all: [FaultedCommand] = writing + [.init(name: "inspect", arguments: "inspect in/model.eseg --threads 2")]

    /// Those whose results do not come one after the other.
    static let unstreamed = all.filter { !$0.isStream }

    static func named(_ names: String...) -> [FaultedCommand] { all.filter { names.contains($0.name) } }
}
