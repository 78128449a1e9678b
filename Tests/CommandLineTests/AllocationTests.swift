import ESegImaging
import ESegRuntime
import Foundation
import TestSupport
import Testing

/// What one more frame costs once there have been some of its size: no memory and no fault of a page.
///
/// `make soak` counts over a million frames.
@Suite(.serialized) struct AllocationTests {
    private static let width = 32, height = 32
    /// Frames that are not counted, before and after those that are.
    private static let warmUp = 100
    private static let frames = ProcessInfo.processInfo.environment["ESEG_SOAK_FRAMES"].flatMap { Int($0) } ?? 10_000
    /// A small network with every kind of layer: in int8, in int16, and gates.
    private static let model = Tool.package + "/Tests/Fixtures/format2.eseg"

    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test(arguments: ["raw", "y4m", "mjpeg"])
    func aFrameOfAStreamCostsNoMemory(kind: String) throws {
        try expectNothingCounted(of: kind, frames: Self.frames)
    }

    @Test func noneIsTakenByMoreThreads() throws {
        try expectNothingCounted(of: "raw", frames: Self.frames / 10, options: "--threads", "2")
    }

    @Test func noneIsTakenByResizing() throws {
        try expectNothingCounted(of: "raw", frames: Self.frames / 10, options: "--size", "48x40", "--threads", "1")
    }

    @Test(arguments: [
        ["--stdout", "mjpeg"], ["--stdout", "y4m"], ["--stdout", "rle"], ["--stdout", "polygons"], ["-o", "maps"],
        ["-o", "maps", "--keep", "50"],
        ["-o", "maps", "--format", "polygons", "--keep", "50"],
    ])
    func noneIsTakenByOutputs(options: [String]) throws {
        try expectNothingCounted(of: "raw", frames: min(Self.frames / 10, 10_000), output: options)
    }

    /// Of images each name ends two frames: its class map's and its overlay's.
    @Test(arguments: ["jpg", "png"])
    func noneIsTakenByImages(kind: String) throws {
        guard let counter = try AllocationCounter.path() else { return print("skipped: needs clang") }
        let image = RGBImage.gradient(width: Self.width, height: Self.height), count = 600
        let bytes = try kind == "jpg" ? image.jpegBytes() : image.pngBytes()
        for number in 0..<count { try folder.write(bytes, to: "images/\(number).\(kind)") }
        let result = try run(
            "LD_PRELOAD=\(counter) \"$0\" \"$@\" > stdout", [folder.path + "/images", "-o", folder.path + "/maps"], from: Self.warmUp,
            to: 2 * count - Self.warmUp)
        #expect(result == ["0 0 0"])
    }

    /// Bytes of a stream's beginning and of each frame.
    private func stream(_ kind: String) throws -> (header: [UInt8], frame: [UInt8]) {
        let image = RGBImage.gradient(width: Self.width, height: Self.height)
        switch kind {
        case "mjpeg": return ([], try image.jpegBytes())
        case "y4m":
            let luma = image.pixels.prefix(Self.width * Self.height)
            return (Array("YUV4MPEG2 W\(Self.width) H\(Self.height) F25:1 Cmono\n".utf8), Array("FRAME\n".utf8) + luma)
        default: return ([], image.pixels)
        }
    }

    /// Runs a stream, counts over `frames` of its frames and expects nothing.
    private func expectNothingCounted(
        of kind: String, frames: Int, output: [String] = ["--stdout", "raw"], options: String...
    ) throws {
        guard let counter = try AllocationCounter.path() else { return print("skipped: needs clang") }
        let (header, frame) = try stream(kind), batch = Self.warmUp
        let batches = try folder.write((0..<batch).flatMap { _ in frame }, to: "batch")
        let beginning = try folder.write(header, to: "header")
        let raw = kind == "raw" ? ["--raw", "\(Self.width)x\(Self.height):rgb24"] : []
        let script = """
            { cat \(beginning); for ((i = 0; i < \(frames / batch + 2); i++)); do cat \(batches); done; } |
            LD_PRELOAD=\(counter) "$0" "$@" > stdout
            """
        let counted = try run(
            script, ["-", "--every-frame"] + raw + output + (options.isEmpty ? ["--threads", "1"] : options), from: Self.warmUp,
            to: Self.warmUp + frames)
        #expect(counted == ["0 0 0"], "\(kind) \(output): allocations, faults and kilobytes of \(frames) frames")
    }

    /// Runs a script in which $0 is `eseg` and the others are its arguments; returns what was counted between two frames.
    private func run(_ script: String, _ arguments: [String], from first: Int, to last: Int) throws -> [String] {
        let counts = folder.path + "/counts"
        let result = try Tool.run(
            ["-c", "cd \(folder.path)\n" + script, Tool.path, "run", Self.model] + arguments, program: "/bin/bash",
            environment: [
                "ESEG_COUNTS": counts, "ESEG_COUNT_FROM": "\(first)", "ESEG_COUNT_TO": "\(last)", "KMP_BLOCKTIME": "0",
            ])
        try #require(result.status == 0, "\(result.errors)")
        return try String(contentsOfFile: counts, encoding: .utf8).split(separator: "\n").map(String.init)
    }
}
