import ESegImaging
import ESegRuntime
import Foundation
import TestSupport
import Testing

/// What begins as H.264 video does and has marks of JPEG's end in it.
private let h264 = Array([[UInt8]](repeating: [0, 0, 0, 1, 0x67, 0xFF, 0xD9, 0xFF], count: 4096).joined())

@Suite struct StreamTests {
    private let folder: TemporaryFolder
    private let model: String

    init() throws {
        folder = try TemporaryFolder()
        model = try QuantizedModel.path()
    }

    private var out: String { folder.path + "/out" }

    private func outputs() -> [String] { ((try? FileManager.default.contentsOfDirectory(atPath: out)) ?? []).sorted() }

    /// Runs a shell script in which $0 is `eseg`, $1 the model, $2 the stream's file and $3 the output folder.
    private func run(_ script: String, on stream: [UInt8] = []) throws -> Tool.Result {
        let file = try folder.write(stream, to: "stream.bin")
        return try Tool.run(["-c", script, Tool.path, model, file, out], program: "/bin/bash")
    }

    private func jpeg(_ width: Int = 48, _ height: Int = 32) throws -> [UInt8] {
        try RGBImage.gradient(width: width, height: height).jpegBytes()
    }

    @Test func mapsOfAStreamAreThoseOfItsImages() throws {
        let images = ["a.jpg", "b.jpg"].enumerated().map { ($1, RGBImage.gradient(width: 48 + $0, height: 32)) }
        let bytes = try images.map { try $0.1.jpegBytes() }
        for (image, bytes) in zip(images, bytes) { try folder.write(bytes, to: "in/\(image.0)") }
        #expect(try Tool.run("run", model, folder.path + "/in", "-o", folder.path + "/images").status == 0)
        let result = try run("cat $2 | $0 run $1 - -o $3 --every-frame --threads 1", on: bytes.flatMap { $0 })
        #expect(result.status == 0, "\(result.errors)")
        #expect(outputs() == ["000001.png", "000002.png"])
        for (name, number) in [("a.png", "000001.png"), ("b.png", "000002.png")] {
            #expect(FileManager.default.contentsEqual(atPath: folder.path + "/images/" + name, andPath: out + "/" + number))
        }
    }

    @Test func damagedFramesAreSkippedAndCounted() throws {
        let whole = try jpeg()
        var damage = [Array(whole[..<(whole.count / 2)]), Array(whole[2...])]
        var overwritten = whole
        overwritten.replaceSubrange(whole.count - 60..<whole.count - 20, with: Array(repeating: 0xFF, count: 40))
        damage.append(overwritten)
        let stream = (1...150).flatMap { (number: Int) -> [UInt8] in number % 50 == 0 ? damage[number / 50 - 1] : whole }
        let result = try run("cat $2 | $0 run $1 - --stdout raw --every-frame --threads 1 | wc -c; exit ${PIPESTATUS[1]}", on: stream)
        #expect(result.status == 0)
        #expect(result.output.trimmingCharacters(in: .whitespacesAndNewlines) == "\(147 * 48 * 32)")
        let lines = result.errors.split(separator: "\n")
        #expect(lines.count == 4)
        for (line, number) in zip(lines, [50, 100, 150]) {
            #expect(line.hasPrefix("eseg: skipped: standard input: frame \(number): data: found "))
        }
        #expect(lines.last?.hasPrefix("eseg: 147 of 150 frames segmented, 0 dropped, 3 damaged; ") == true)
    }

    @Test func framesAreDroppedWhereASourceIsFaster() throws {
        let stream = try Array(repeating: jpeg(32, 32), count: 400).flatMap { $0 }
        let result = try run("cat $2 | $0 run $1 - --stdout raw --size 320x320 --threads 1 | wc -c", on: stream)
        let words = try #require(result.errors.split(separator: "\n").last).split(separator: " ")
        let segmented = try #require(Int(words[1])), dropped = try #require(Int(words[6]))
        #expect(segmented > 0 && dropped > 0 && segmented + dropped == 400, "\(result.errors)")
        #expect(result.output.trimmingCharacters(in: .whitespacesAndNewlines) == "\(segmented * 32 * 32)")
    }

    @Test func filesAreNeverDropped() throws {
        let path = try folder.write(Array(repeating: jpeg(), count: 20).flatMap { $0 }, to: "clip.mjpeg")
        let result = try Tool.run("run", model, path, "-o", out, "--threads", "1")
        #expect(result.status == 0)
        #expect(result.errors.hasPrefix("eseg: 20 of 20 frames segmented, 0 dropped, 0 damaged; "), "\(result.errors)")
        #expect(outputs().count == 20)
    }

    @Test func y4mGoesInAndOut() throws {
        let picture = [UInt8](repeating: 120, count: 48 * 32 * 3 / 2)
        let stream = Array("YUV4MPEG2 W48 H32 F25:2\n".utf8) + (0..<3).flatMap { _ in Array("FRAME\n".utf8) + picture }
        let result = try run("$0 run $1 - --stdout y4m < $2 > $2.out", on: stream)
        #expect(result.status == 0, "\(result.errors)")
        let written = Array(try Data(contentsOf: URL(fileURLWithPath: folder.path + "/stream.bin.out")))
        let header = Array("YUV4MPEG2 W48 H32 F25:2 Ip A0:0 Cmono XCOLORRANGE=FULL\n".utf8)
        #expect(written.starts(with: header) && written.count == header.count + 3 * (6 + 48 * 32))
        #expect(written[(header.count + 6)...].prefix(48 * 32).allSatisfy { $0 < 11 })
    }

    @Test func doubtIsASecondMap() throws {
        let stream = try jpeg() + jpeg(64, 40), pixels = 48 * 32
        func written(_ kind: String) throws -> [UInt8] {
            let result = try run("$0 run $1 - --doubt --stdout \(kind) --threads 1 < $2 > $2.out", on: stream)
            #expect(result.status == 0 && result.errors.contains(" % doubtful\n"), "\(result.errors)")
            return Array(try Data(contentsOf: URL(fileURLWithPath: folder.path + "/stream.bin.out")))
        }
        let raw = try written("raw")
        try #require(raw.count == 4 * pixels)
        let (map, doubt) = try Session(Model(contentsOf: model), height: 32, width: 48)
            .segmentWithDoubt(RGBImage(contentsOf: folder.write(jpeg(), to: "a.jpg")))
        #expect(Array(raw[..<pixels]) == map.classes && Array(raw[pixels..<2 * pixels]) == doubt)
        let header = Array("YUV4MPEG2 W48 H32 F0:0 Ip A0:0 C444 XCOLORRANGE=FULL\n".utf8), mark = Array("FRAME\n".utf8)
        let zeros = [UInt8](repeating: 0, count: pixels)
        var expected = header
        for maps in [raw[..<(2 * pixels)], raw[(2 * pixels)...]] { expected += mark + Array(maps) + zeros }
        #expect(try written("y4m") == expected)
    }

    @Test func doubtGoesIntoFilesToo() throws {
        let result = try run("$0 run $1 - --doubt -o $3 < $2", on: jpeg() + jpeg())
        #expect(result.status == 0, "\(result.errors)")
        #expect(outputs() == ["000001-doubt.png", "000001.png", "000002-doubt.png", "000002.png"])
    }

    @Test func overlaysAreAnMJPEGStream() throws {
        let result = try run("$0 run $1 - --stdout mjpeg < $2 | $0 run $1 - -o $3 --every-frame", on: jpeg() + jpeg(64, 40))
        #expect(result.errors.components(separatedBy: "2 of 2 frames segmented, 0 dropped, 0 damaged").count == 3, "\(result.errors)")
        #expect(try LabelMap(contentsOf: out + "/000002.png", classCount: 11).width == 64)
    }

    @Test func rawStreamsOfClassesHaveOneSize() throws {
        let result = try run("$0 run $1 - --stdout raw < $2 | wc -c", on: jpeg() + jpeg(64, 40))
        #expect(result.output.trimmingCharacters(in: .whitespacesAndNewlines) == "\(2 * 48 * 32)", "\(result.errors)")
    }

    @Test func rawFramesAreTakenAsTheyAreSaidToBe() throws {
        let result = try run("cat $2 | $0 run $1 - --raw 48x32:nv12 -o $3 --every-frame", on: Array(repeating: 99, count: 48 * 32 * 3 + 5))
        #expect(result.status == 0)
        let lines = result.errors.split(separator: "\n")
        #expect(lines.first == "eseg: skipped: standard input: frame 3: data: found 5 bytes, expected 2304 bytes")
        #expect(lines.last?.hasPrefix("eseg: 2 of 3 frames segmented, 0 dropped, 1 damaged; ") == true)
        #expect(outputs() == ["000001.png", "000002.png"])
    }

    @Test(
        arguments: [
            ("$0 run $1 - -o $3 < /dev/null", [], "standard input: format: found an empty stream, expected an MJPEG or Y4M stream"),
            ("$0 run $1 - -o $3 < $2", Array("text".utf8), "standard input: format: found 4 bytes without a JPEG image"),
            (
                "(while cat $2; do :; done) 2>/dev/null | $0 run $1 - -o $3",
                h264,
                "which begin as H.264 video does, expected an MJPEG or Y4M stream, or --raw WxH:FORMAT to say what it is; rpicam-vid --codec mjpeg"
            ),
            ("$0 run $1 - -o $3 < $2", Array("YUV4MPEG2 W8 H8\nFRAME\n".utf8), "standard input: size: found 8x8, expected 32 to 16384"),
            ("$0 run $1 - -o $3 --raw 8x8:rgb24 < $2", [1], "standard input: size: found 8x8, expected 32 to 16384 a side"),
            ("$0 run $1 - -o $3 < $2", [0xFF, 0xD8, 0xFF, 0xD9], "standard input: none of 1 frames could be segmented"),
            ("$0 run $1 $2 -o $3 --every-frame", [1], "--every-frame: found images, expected a stream"),
            ("$0 run $1 $2 --stdout raw", [1], "--stdout: found images, expected a stream"),
            ("$0 run $1 --camera /dev/null -o $3", [], "/dev/null: camera: found a device that is none"),
            ("$0 run $1 - -o $3 --raw 48x32:rgb24 < /", [], "standard input: file: found is a directory"),
            ("$0 run $1 - -o $2 --raw 48x32:rgb24 < $2", [1], "output folder: found a file"),
            ("$0 run $1 - --stdout raw --raw 32x32:rgb24 < /dev/zero > /dev/full", [], "standard output: No space left on device"),
        ] as [(String, [UInt8], String)])
    func whatCannotBeDoneIsSaid(script: String, stream: [UInt8], reason: String) throws {
        let result = try run(script, on: stream)
        #expect(result.status == 1)
        #expect(result.errors.contains("eseg: error: ") && result.errors.contains(reason), "\(result.errors)")
        #expect(outputs().isEmpty)
    }

    @Test(arguments: [
        (["-"], "Missing expected argument '--output <folder>'"), (["-", "a.jpg", "-o", "out"], "-: found other inputs too"),
        (["a.mjpeg", "b.MJPG", "-o", "out"], "a.mjpeg: found other inputs too, expected a stream alone."),
        (["a.jpg", "b.mjpg", "-o", "out"], "b.mjpg: found other inputs too"),
        (["-", "-o", "out", "--fps", "5"], "--fps: found without --camera"),
        (["a.jpg", "-o", "out", "--capture", "640x480"], "--capture: found without --camera"),
        (["-", "-o", "out", "--raw", "48x32"], "The value '48x32' is invalid for '--raw"),
        (["--camera", "/dev/video0", "a.jpg", "-o", "out"], "--camera: found the input a.jpg too"),
        (["--camera", "/dev/video0", "-o", "out", "--fps", "0"], "--fps: found 0, expected 1 to 1000."),
        (["--camera", "/dev/video0", "-o", "out", "--capture", "640x480:h264"], "The value '640x480:h264' is invalid for '--capture"),
        (["--camera", "/dev/video0", "-o", "out", "--raw", "48x32:nv12"], "--raw: found with --camera"),
        (["-", "--stdout", "png"], "The value 'png' is invalid for '--stdout <kind>'"),
    ])
    func wrongUsageIsExplained(arguments: [String], reason: String) throws {
        let result = try Tool.run(["run", model] + arguments)
        #expect(result.status == 64 && result.errors.contains(reason), "\(result.errors)")
    }

    /// The signal ends the process, as shells and service managers expect, but only once everything is written and counted.
    @Test(arguments: [("INT", 130), ("TERM", 143), ("HUP", 129)])
    func signalsEndAStreamInOrder(signal: String, status: Int32) throws {
        let script = """
            set -m; mkfifo $2.pipe; $0 run $1 - -o $3 --every-frame < $2.pipe & exec 9> $2.pipe; cat $2 >&9
            until [ -e $3/000002.png ]; do sleep 0.05; done; kill -\(signal) $!; wait $!
            """
        let result = try run(script, on: jpeg() + jpeg())
        #expect(result.status == status)
        #expect(result.errors.contains("eseg: 2 of 2 frames segmented, 0 dropped, 0 damaged; "), "\(result.errors)")
        #expect(outputs() == ["000001.png", "000002.png"])
    }

    @Test func aClosedOutputEndsAStreamWell() throws {
        let result = try run(
            "$0 run $1 - --stdout raw --raw 32x32:rgb24 --threads 1 < /dev/zero | head -c 3000 | wc -c; exit ${PIPESTATUS[0]}")
        #expect(result.status == 0)
        #expect(result.output.trimmingCharacters(in: .whitespacesAndNewlines) == "3000")
        #expect(result.errors.hasPrefix("eseg: ") && result.errors.contains(" frames segmented, "), "\(result.errors)")
    }

    @Test func memoryStaysWhatItIs() throws {
        let stream = try Array(repeating: jpeg(64, 64), count: 300).flatMap { $0 }
        let script = """
            mkfifo $2.pipe; $0 run $1 - -o $3 --every-frame --threads 1 < $2.pipe & exec 9> $2.pipe
            rss() { awk '/VmRSS/ { print $2 }' /proc/$!/status; }
            cat $2 >&9; until [ -e $3/000300.png ]; do sleep 0.05; done; rss
            cat $2 $2 $2 >&9; until [ -e $3/001200.png ]; do sleep 0.05; done; rss
            exec 9>&-; wait $!
            """
        let result = try run(script, on: stream)
        #expect(result.status == 0, "\(result.errors)")
        let sizes = result.output.split(separator: "\n").compactMap { Int($0) }
        #expect(sizes.count == 2 && sizes[1] - sizes[0] <= 256, "\(sizes) KiB")
    }
}
