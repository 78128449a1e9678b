import ESegImaging
import ESegRuntime
import Foundation
import TestSupport
import Testing

/// A service goes on for as long as it is not told to end, whatever becomes of its camera and its model.
@Suite(.serialized) struct ServiceTests {
    private static let pipe = """
        [camera front]
        pipe = FOLDER/in
        raw = 48x32:rgb24
        every-frame = yes

        """
    private let image = RGBImage.gradient(width: 48, height: 32)

    private func map(_ model: String) throws -> [UInt8] {
        try Session(Model(contentsOf: model), height: 32, width: 48, threads: 1).segment(image).classes
    }

    private static let sockets: [String?] = [nil, "@eseg-tests-\(UUID().uuidString)"]

    @Test(arguments: sockets)
    func itTellsItsManagerWhenItIsReadyAndWhenItEnds(socket: String?) throws {
        let service = try RunningService(
            "statistics = 0\n" + Self.pipe + "folder = FOLDER/maps\n", model: ServiceModels.first(), watchdog: .seconds(2), socket: socket)
        try service.makePipe("in")
        try service.start()
        // Nothing is there to be segmented, which is no reason to be watched.
        try service.wait(for: "READY=1") { service.manager.lines.contains("READY=1") }
        try service.wait(for: "WATCHDOG_USEC=0") { service.manager.lines.contains("WATCHDOG_USEC=0") }
        #expect(service.manager.messages[0].lines == ["READY=1", "STATUS=front: waiting, not opened yet"])
        let writer = try service.openPipe("in")
        try writer.write(contentsOf: image.pixels)
        try service.wait(for: "WATCHDOG_USEC=2000000") { service.manager.lines.contains("WATCHDOG_USEC=2000000") }
        try service.wait(for: "WATCHDOG=1") {
            try writer.write(contentsOf: image.pixels)
            return service.manager.lines.contains("WATCHDOG=1")
        }
        try service.wait(for: "STATUS") { service.manager.lines.contains { $0.hasSuffix(" frames segmented, 0 dropped, 0 damaged") } }
        #expect(service.end() == -SIGTERM)
        #expect(service.manager.lines.last == "STOPPING=1")
        let lines = service.log.split(separator: "\n")
        #expect(lines.count == 2 && lines[0] == "eseg: front: \(service.folder.path)/in: opened, raw rgb24", "\(service.log)")
        #expect(service.files(in: "maps").count >= 2)
    }

    @Test func aPipeThatEndsIsWaitedFor() throws {
        let service = try RunningService(Self.pipe + "folder = FOLDER/maps\nkeep = 4\n", model: ServiceModels.first())
        try service.start()
        try service.wait(forLine: "in: file: found no such file or directory, expected a pipe, as mkfifo makes it; waiting for it")
        try service.makePipe("in")
        for round in 1...3 {
            let writer = try service.openPipe("in")
            for _ in 1...2 { try writer.write(contentsOf: image.pixels) }
            try writer.close()
            try service.wait(forLine: "in: ended; waiting for it", times: round)
        }
        // Frames are counted on, and the newest are kept; what is older goes once a map is written.
        try service.wait(for: "the newest maps") { service.files(in: "maps") == ["000003.png", "000004.png", "000005.png", "000006.png"] }
        #expect(service.end() == -SIGTERM)
        #expect(service.log.contains("eseg: front: 6 of 6 frames segmented, 0 dropped, 0 damaged\n"), "\(service.log)")
    }

    @Test func whatIsNoPipeIsSaidAndWaitedForToo() throws {
        let service = try RunningService(Self.pipe + "folder = FOLDER/maps\n", model: ServiceModels.first())
        try service.folder.write([1], to: "in")
        try service.start()
        try service.wait(forLine: "in: pipe: found a file that is none, expected a pipe, as mkfifo makes it; waiting for it")
        #expect(service.end() == -SIGTERM)
    }

    @Test func standardInputEndsAService() throws {
        let folder = try TemporaryFolder()
        let config = "model = \(ServiceModels.second)\n[camera a]\npipe = -\nraw = 48x32:rgb24\nstdout = raw\nevery-frame = yes\n"
        let file = try folder.write(Array(config.utf8), to: "a.conf"), input = try folder.write(image.pixels + image.pixels, to: "input")
        let result = try Tool.run(
            ["-c", "\"$0\" serve \(file) --metrics 0 < \(input) > \(folder.path)/out", Tool.path], program: "/bin/bash")
        #expect(
            result.status == 0 && result.errors.contains("eseg: a: 2 of 2 frames segmented, 0 dropped, 0 damaged\n"), "\(result.errors)")
        #expect(try ServiceModels.bytes(folder.path + "/out") == map(ServiceModels.second) + map(ServiceModels.second))
    }

    @Test func aCameraCanBeUnpluggedAndComesBack() throws {
        guard let libraries = try FaultShim.paths() else { return print("skipped: needs clang") }
        let service = try RunningService(
            "metrics = 0\n[camera front]\ndevice = /dev/video99\ncapture = 48x32\nfolder = FOLDER/maps\nkeep = 3\n",
            model: ServiceModels.first(), watchdog: .seconds(2),
            environment: ["LD_PRELOAD": libraries, "ESEG_CAMERA": "/dev/video99", "ESEG_CAMERA_PLUG": "FOLDER/plug"])
        try service.start()
        try service.wait(forLine: "/dev/video99: file: found no such file or directory")
        #expect(try PrometheusText(service.metrics()).value("eseg_camera_up", ["camera": "front"]) == 0)
        for round in 1...2 {
            try service.folder.write([], to: "plug")
            try service.wait(forLine: "front: /dev/video99: opened, YUYV 48x32", times: round)
            let fed = service.manager.lines.filter { $0 == "WATCHDOG=1" }.count
            try service.wait(for: "WATCHDOG=1") { service.manager.lines.filter { $0 == "WATCHDOG=1" }.count > fed }
            let metrics = try PrometheusText(service.metrics())
            #expect(metrics.value("eseg_camera_up", ["camera": "front"]) == 1)
            #expect(metrics.value("eseg_camera_openings_total", ["camera": "front"]) == Double(round))
            let last = try #require(service.files(in: "maps").last)
            try FileManager.default.removeItem(atPath: service.folder.path + "/plug")
            try service.wait(for: "unplugged") { service.log.matches(of: #/unplugged after [0-9]+ frames/#).count == round }
            try service.wait(for: "WATCHDOG_USEC=0") { service.manager.lines.last { $0.hasPrefix("WATCHDOG") } == "WATCHDOG_USEC=0" }
            #expect(try #require(service.files(in: "maps").last) >= last && service.files(in: "maps").count == 3)
        }
        #expect(service.end() == -SIGTERM)
    }

    /// As a hang of the network's would: the manager hears nothing more, and ends the process.
    @Test func theWatchdogStarvesWhereInferenceHangs() throws {
        guard let libraries = try FaultShim.paths(), let hang = try PreloadedLibrary.compile("Faults/hang.c") else {
            return print("skipped: needs clang")
        }
        let service = try RunningService(
            "[camera front]\ndevice = /dev/video99\ncapture = 48x32\nfolder = FOLDER/maps\nkeep = 3\n", model: ServiceModels.first(),
            threads: 2, watchdog: .seconds(1),
            environment: [
                "LD_PRELOAD": "\(hang):\(libraries)", "ESEG_CAMERA": "/dev/video99", "ESEG_CAMERA_PLUG": "FOLDER",
                "ESEG_HANG": "FOLDER/hang",
            ])
        try service.start()
        try service.wait(for: "WATCHDOG=1") { service.manager.lines.filter { $0 == "WATCHDOG=1" }.count >= 3 }
        try service.folder.write([], to: "hang")
        let hung = Date()
        sleep(3)
        // What was finished before is told within the next quarter of a second; then it is quiet, and stays watched.
        let told = service.manager.messages.filter { $0.time > hung + 0.7 }.flatMap(\.lines)
        #expect(!told.contains { $0.hasPrefix("WATCHDOG") }, "\(told)")
        #expect(service.manager.lines.last { $0.hasPrefix("WATCHDOG") } == "WATCHDOG=1")
        #expect(service.end(by: SIGABRT) == -SIGABRT)
    }

    @Test func camerasOnOneModelShareWhatItTakes() throws {
        func memory(cameras: Int) throws -> Double {
            let sections = (1...cameras).map {
                "[camera c\($0)]\npipe = FOLDER/in\($0)\nraw = 480x360:rgb24\nevery-frame = yes\nfolder = FOLDER/\($0)\nkeep = 2\n"
            }
            let model = Tool.package + "/Models/eseg-edge.eseg"
            let service = try RunningService("metrics = 0\n" + sections.joined(), model: model)
            for camera in 1...cameras { try service.makePipe("in\(camera)") }
            try service.start()
            let writers = try (1...cameras).map { try service.openPipe("in\($0)") }
            for writer in writers {
                for _ in 1...6 { try writer.write(contentsOf: [UInt8](repeating: 99, count: 480 * 360 * 3)) }
            }
            let done = (1...cameras).map { "eseg_frames_segmented_total{camera=\"c\($0)\"} 6\n" }
            var text = ""
            try service.wait(for: "frames") {
                text = try service.metrics()
                return done.allSatisfy(text.contains)
            }
            _ = service.end()
            return try #require(PrometheusText(text).value("process_resident_memory_bytes"))
        }
        let one = try memory(cameras: 1), two = try memory(cameras: 2)
        #expect(two < 2 * one, "\(one) and \(two) bytes")
        print("one camera \(Int(one / 1e6)) MB, two \(Int(two / 1e6)) MB")
    }

    @Test func oneFailureEndsAllSoThatTheManagerCanStartAnew() throws {
        let other = "[camera back]\npipe = FOLDER/back\nraw = 48x32:rgb24\nfolder = FOLDER/back-maps\n"
        let service = try RunningService(Self.pipe + "folder = FOLDER/maps\n" + other, model: ServiceModels.first())
        try service.makePipe("in")
        try service.makePipe("back")
        try service.start()
        try service.wait(for: "READY=1") { service.manager.lines.contains("READY=1") }
        // A folder where the first map goes.
        try FileManager.default.createDirectory(atPath: service.folder.path + "/maps/000001.png", withIntermediateDirectories: true)
        let writer = try service.openPipe("in")
        try writer.write(contentsOf: image.pixels)
        #expect(service.ending() == 1)
        #expect(service.log.contains("eseg: error: \(service.folder.path)/maps/000001.png: output: Is a directory"), "\(service.log)")
    }

    @Test(
        arguments: [
            (["NOTIFY_SOCKET": "relative"], "NOTIFY_SOCKET: found \"relative\", expected a path or @NAME, of at most 107 bytes"),
            (["NOTIFY_SOCKET": "/"], "NOTIFY_SOCKET: found \"/\", expected a path or @NAME, of at most 107 bytes"),
            (["NOTIFY_SOCKET": "/nobody", "WATCHDOG_USEC": "soon"], "WATCHDOG_USEC: found \"soon\", expected microseconds"),
            (["NOTIFY_SOCKET": "/nobody", "WATCHDOG_USEC": "0"], "WATCHDOG_USEC: found \"0\", expected microseconds"),
        ] as [([String: String], String)])
    func aManagerThatCannotBeToldIsAnError(environment: [String: String], reason: String) throws {
        let folder = try TemporaryFolder()
        let config = "model = \(ServiceModels.second)\n[camera a]\npipe = \(folder.path)/p\nfolder = \(folder.path)/maps\n"
        let result = try Tool.run(["serve", folder.write(Array(config.utf8), to: "a.conf")], environment: environment)
        #expect(result.status == 1 && result.errors.contains(reason), "\(result.errors)")
    }
}
