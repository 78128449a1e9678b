import ESegNetwork
import TestSupport
import Testing

@testable import eseg

private let camera = "[camera front]\ndevice = /dev/video0\nfolder = maps\n"

/// A configuration says what is wrong with it: the file, the line, the field, what was found and what was expected.
@Suite struct ServiceConfigTests {
    private func config(_ text: String) throws -> ServiceConfig { try ServiceConfig(ConfigFile(text, path: "street.conf")) }

    @Test func everyFieldIsTaken() throws {
        let config = try config(
            """
            # a comment
            model = /models/street = 2.eseg
              threads=3
            ; another
            cpus = 0,2-3
            isa = scalar
            metrics = [::1]:9464
            statistics = 60

            [camera front]
            device = /dev/video0
            capture = 1280x720:yuyv
            fps = 15
            size = 480x360
            every-frame = yes
            folder = /maps/front
            format = rle
            keep = 100
            doubt = yes

            [ camera back.2 ]
            pipe = /run/back
            raw = 640x480:nv12
            stdout = polygons
            """)
        #expect(config.model == "/models/street = 2.eseg" && config.threads == 3 && config.cpus?.cpus == [0, 2, 3])
        #expect(config.isa?.description == "scalar" && config.metrics?.text == "[::1]:9464" && config.statistics == 60)
        let (front, back) = (config.cameras[0], config.cameras[1])
        guard case .device("/dev/video0", let request) = front.input, case .pipe("/run/back", let raw) = back.input else {
            Issue.record("\(front.input), \(back.input)")
            return
        }
        #expect(request.width == 1280 && request.height == 720 && request.encodings == [.yuyv] && request.rate == 15)
        #expect(raw?.picture.width == 640 && raw?.picture.layout == .nv12)
        #expect(front.name == "front" && front.size == ImageSize(width: 480, height: 360) && front.everyFrame)
        #expect(front.outputs.folder == "/maps/front" && front.outputs.format == .rle && front.outputs.keep == 100)
        #expect(front.outputs.withDoubt && front.outputs.stdout == nil)
        #expect(back.name == "back.2" && back.outputs.folder == nil && back.outputs.stdout == .polygons && !back.everyFrame)
    }

    @Test func whatIsNotSaidIsAsUsual() throws {
        let config = try config("model = m\n" + camera)
        #expect(config.threads == nil && config.metrics == nil && config.statistics == 1)
        #expect(config.cameras[0].outputs.keep == nil && config.cameras[0].outputs.format == .png)
    }

    private static let wrong: [(text: String, reason: String)] = [
        ("", "street.conf: model: found none, expected an .eseg file"),
        ("model =\n", "street.conf:1: model: found \"\", expected a path"),
        ("model = m\n", "street.conf: cameras: found none, expected a section [camera NAME] for each"),
        ("model\n", "street.conf:1: line: found \"model\", expected key = value, or [camera NAME]"),
        ("= m\n", "street.conf:1: line: found \"= m\", expected a key before ="),
        (
            "model = m\n\nthread = 1\n",
            "street.conf:3: key: found \"thread\" above the cameras, expected model, threads, cpus, isa, metrics, statistics"
        ),
        ("model = m\nmodel = n\n", "street.conf:2: model: found a second one, after line 1, expected one"),
        ("model = m\nthreads = 0\n", "street.conf:2: threads: found \"0\", expected 1 to 256"),
        ("model = m\ncpus = x\n", "street.conf:2: cpus: found \"x\", expected CPUs by number, such as 0,2,4-7"),
        ("model = m\nisa = mmx\n", "street.conf:2: isa: found \"mmx\", expected one of this CPU's: "),
        ("model = m\nmetrics = host:1\n", "street.conf:2: metrics: found \"host:1\", expected a port, or ADDRESS:PORT with an IP address"),
        ("model = m\nmetrics = 70000\n", "street.conf:2: metrics: found \"70000\""),
        ("model = m\nstatistics = -1\n", "street.conf:2: statistics: found \"-1\", expected 0 to 86400"),
        ("model = m\n[camera]\n", "street.conf:2: section: found [camera], expected [camera NAME], the name 1 to 64 letters"),
        ("model = m\n[camera a/b]\n", "street.conf:2: section: found [camera a/b]"),
        ("model = m\n[camera front\n", "street.conf:2: section: found \"[camera front\", expected a name in brackets"),
        ("model = m\n[model x]\n", "street.conf:2: section: found [model x]"),
        ("model = m\n[camera a]\nfolder = f\n", "street.conf:2: device: found no input, expected device or pipe"),
        ("model = m\n[camera a]\ndevice = d\npipe = p\n", "street.conf:4: pipe: found a device too, expected one of both"),
        ("model = m\n[camera a]\npipe = p\nfps = 5\n", "street.conf:4: fps: found a pipe, expected a device"),
        ("model = m\n[camera a]\ndevice = d\nraw = 64x64:nv12\n", "street.conf:4: raw: found a device, expected a pipe"),
        ("model = m\n[camera a]\ndevice = d\ncapture = 1\n", "street.conf:4: capture: found \"1\", expected a size"),
        ("model = m\n[camera a]\ndevice = d\nfps = 0\n", "street.conf:4: fps: found \"0\", expected 1 to 1000"),
        ("model = m\n[camera a]\ndevice = d\nsize = 8x8\n", "street.conf:4: size: found \"8x8\", expected width and height"),
        ("model = m\n[camera a]\ndevice = d\nevery-frame = 1\n", "street.conf:4: every-frame: found \"1\", expected yes or no"),
        ("model = m\n[camera a]\ndevice = d\n", "street.conf:2: folder: found no output, expected folder or stdout"),
        ("model = m\n[camera a]\ndevice = d\nstdout = raw\nkeep = 5\n", "street.conf:5: keep: found no folder, expected one"),
        ("model = m\n[camera a]\ndevice = d\nfolder = f\nkeep = 0\n", "street.conf:5: keep: found \"0\", expected 1 to 1000000"),
        (
            "model = m\n[camera a]\ndevice = d\nfolder = f\nformat = jpg\n",
            "street.conf:5: format: found \"jpg\", expected png, rle, polygons"
        ),
        (
            "model = m\n[camera a]\ndevice = d\nstdout = png\n",
            "street.conf:4: stdout: found \"png\", expected raw, y4m, mjpeg, rle, polygons"
        ),
        ("model = m\n[camera a]\nmodel = n\n", "street.conf:3: key: found \"model\" in [camera a], expected device, capture"),
        (
            "model = m\n" + camera + camera,
            "street.conf:5: [camera front] camera: found front, which [camera front] has too, expected another one"
        ),
        (
            "model = m\n" + camera + "[camera b]\ndevice = /dev/video0\nfolder = g\n",
            "street.conf:5: [camera b] input: found /dev/video0, which [camera front] has too"
        ),
        ("model = m\n" + camera + "[camera b]\ndevice = e\nfolder = maps\n", "street.conf:5: [camera b] folder: found maps, which"),
        (
            "model = m\n[camera a]\ndevice = d\nstdout = raw\n[camera b]\ndevice = e\nstdout = raw\n",
            "street.conf:5: [camera b] stdout: found a stream, which [camera a] has too"
        ),
    ]

    @Test(arguments: wrong.indices)
    func whatIsWrongIsSaid(index: Int) {
        do {
            _ = try config(Self.wrong[index].text)
            Issue.record("\(Self.wrong[index].text)")
        } catch {
            #expect(error is ConfigError && "\(error)".hasPrefix(Self.wrong[index].reason), "\(error)")
        }
    }

    /// Whatever is in a file, it is a configuration, or the error names the file.
    @Test func noTextEndsTheReader() {
        var random = SplitMix(seed: 9)
        let head = "model = m\nthreads = 2\ncpus = 0-1\nmetrics = [::1]:9\n"
        let text = Array((head + "[camera a]\npipe = p\nraw = 64x64:nv12\nstdout = rle\n").utf8)
        let texts = ["[", "]", "=", "\n", "\r", "#", "camera ", "-", ":", "x", "9999999999999999999", "\u{301}", " "]
        let pieces = texts.map { Array($0.utf8) }
        for _ in 0..<3000 {
            var bytes = text
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                let start = Int.random(in: 0...bytes.count, using: &random)
                let end = min(bytes.count, start + Int.random(in: 0...4, using: &random))
                bytes.replaceSubrange(start..<end, with: pieces[Int.random(in: 0..<pieces.count, using: &random)])
            }
            do { _ = try config(String(decoding: bytes, as: UTF8.self)) } catch {
                #expect((error as? ConfigError)?.file == "street.conf", "\(error)")
            }
        }
    }

    /// No new start helps, which the status says.
    @Test func aFileThatCannotBeUsedEndsTheProgramByAStatusOfItsOwn() throws {
        let folder = try TemporaryFolder()
        let files: [(path: String, reason: String)] = [
            (folder.path + "/missing.conf", "missing.conf: file: found No such file or directory, expected a readable file"),
            (folder.path, "file: found a directory, expected a regular file"),
            (try folder.write([], to: "empty.conf"), "empty.conf: model: found none"),
            (try folder.write([0xFF, 0xFE], to: "binary.conf"), "binary.conf: file: found bytes that are no text, expected UTF-8"),
            (try folder.write([9, 0, 10], to: "zero.conf"), "zero.conf: file: found bytes that are no text"),
            (try folder.write([UInt8](repeating: 35, count: 1 << 20 + 1), to: "large.conf"), "large.conf: file: found 1048577 bytes"),
            (try folder.write(Array("model = m\nx".utf8), to: "x.conf"), "x.conf:2: line: found \"x\""),
        ]
        for (path, reason) in files {
            let result = try Tool.run("serve", path)
            #expect(result.status == 78 && result.output.isEmpty, "\(path)")
            #expect(result.errors.hasPrefix("eseg: error: ") && result.errors.contains(reason), "\(result.errors)")
        }
    }

    @Test func aModelThatCannotBeUsedMayBeThereLater() throws {
        let folder = try TemporaryFolder()
        let file = try folder.write(Array(("model = \(folder.path)/m.eseg\n" + camera).utf8), to: "a.conf")
        let result = try Tool.run("serve", file)
        #expect(result.status == 1 && result.errors.contains("m.eseg: file: found No such file or directory"), "\(result.errors)")
    }

    @Test func aConfigurationCanBeCheckedAlone() throws {
        let folder = try TemporaryFolder()
        let file = try folder.write(Array("model = \(ServiceModels.second)\n\(camera)".utf8), to: "a.conf")
        let result = try Tool.run("serve", file, "--check")
        #expect(result.status == 0 && result.output == "\(file): format2 with 5 classes, for front\n", "\(result.errors)")
    }

    @Test(
        arguments: [
            ("9464", "127.0.0.1:9464"), ("0.0.0.0:1", "0.0.0.0:1"), ("[::]:65535", "[::]:65535"), ("0", "127.0.0.1:0"), ("", nil),
            ("x", nil),
            ("65536", nil), ("-1", nil), (":9", nil), ("1.2.3:9", nil), ("::1:9", nil), ("[::1]", nil), ("[1.2.3.4]:9", nil), ("+1", nil),
        ] as [(String, String?)])
    func addressesAreThoseOfThisMachineUnlessToldOtherwise(text: String, address: String?) {
        #expect(ListenAddress(argument: text)?.text == address)
    }
}
