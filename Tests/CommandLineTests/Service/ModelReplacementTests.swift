import ESegImaging
import ESegRuntime
import Foundation
import TestSupport
import Testing

/// A model that another file is renamed over is replaced between two frames; one that cannot be run is told of, and the old one stays.
@Suite(.serialized) struct ModelReplacementTests {
    private static let config = """
        metrics = 0
        [camera front]
        pipe = FOLDER/in
        raw = 48x32:rgb24
        every-frame = yes

        """
    private let image = RGBImage.gradient(width: 48, height: 32)

    private func map(_ model: String) throws -> [UInt8] {
        try Session(Model(contentsOf: model), height: 32, width: 48, threads: 1).segment(image).classes
    }

    @Test func tenReplacementsUnderLoadLoseNoFrame() throws {
        let models = [try ServiceModels.first(), ServiceModels.second], maps = try models.map(map)
        try #require(maps[0] != maps[1])
        let service = try RunningService(Self.config + "stdout = raw\n", model: models[0])
        try service.makePipe("in")
        try service.start()
        let load = try Load(service.openPipe("in"), image.pixels)
        for round in 1...10 {
            var bytes = try ServiceModels.bytes(models[round % 2])
            if round == 5 { bytes[bytes.count / 2] ^= 1 }
            try service.replaceModel(by: bytes)
            if round == 5 {
                try service.wait(forLine: "model.eseg: not loaded, the model before it goes on")
            } else {
                try service.wait(forLine: "model.eseg: loaded, SHA-256 ", times: round - (round > 5 ? 1 : 0))
            }
        }
        let written = load.end()
        try service.wait(forLine: "in: ended; waiting for it")
        let metrics = try PrometheusText(service.metrics())
        #expect(metrics.value("eseg_model_replacements_total") == 9 && metrics.value("eseg_model_failures_total") == 1)
        #expect(service.end() == -SIGTERM)
        #expect(service.log.contains("front: \(written) of \(written) frames segmented, 0 dropped, 0 damaged\n"), "\(service.log)")
        #expect(service.log.contains("eseg: error: \(service.folder.path)/model.eseg: checksum: found "), "\(service.log)")
        try expectRuns(of: maps, in: ServiceModels.bytes(service.folder.path + "/stdout"), count: written)
    }

    /// Each frame's map is one of the models', and they take turns: the damaged fifth leaves the first for the sixth.
    private func expectRuns(of maps: [[UInt8]], in output: [UInt8], count: Int) throws {
        let size = maps[0].count
        try #require(output.count == count * size)
        let models = try (0..<count).map { frame in try #require(maps.firstIndex(of: Array(output[frame * size..<(frame + 1) * size]))) }
        let runs = models.enumerated().filter { $0.offset == 0 || models[$0.offset - 1] != $0.element }.map(\.element)
        #expect(runs == [0, 1, 0, 1, 0, 1, 0, 1, 0])
    }

    /// Writes frames one after the other until it is told to end.
    private final class Load: @unchecked Sendable {
        private let lock = NSLock()
        private let finished = DispatchSemaphore(value: 0)
        private var isEnding = false
        private var written = 0

        init(_ pipe: FileHandle, _ frame: [UInt8]) throws {
            Thread.detachNewThread { [self] in
                while !lock.withLock({ isEnding }), (try? pipe.write(contentsOf: frame)) != nil {
                    written += 1
                    usleep(2000)
                }
                try? pipe.close()
                finished.signal()
            }
        }

        /// Returns how many frames were written.
        func end() -> Int {
            lock.withLock { isEnding = true }
            finished.wait()
            return written
        }
    }

    @Test func namesOfClassesFollowTheModel() throws {
        let service = try RunningService(Self.config + "stdout = rle\n", model: ServiceModels.first())
        try service.makePipe("in")
        try service.start()
        let writer = try service.openPipe("in")
        try writer.write(contentsOf: image.pixels)
        let output = service.folder.path + "/stdout"
        func lines() throws -> [String] { try String(contentsOfFile: output, encoding: .utf8).components(separatedBy: "\n").dropLast() }
        try service.wait(for: "a line") { try lines().count == 1 }
        try service.replaceModel(by: ServiceModels.bytes(ServiceModels.second))
        try service.wait(forLine: "model.eseg: loaded, SHA-256 ")
        let hash = try Tool.run(["sha256sum", ServiceModels.second], program: "/usr/bin/env").output.prefix(64)
        #expect(service.log.contains("loaded, SHA-256 \(hash)\n"))
        try writer.write(contentsOf: image.pixels)
        try service.wait(for: "a second line") { try lines().count == 2 }
        let names = try lines().map { Set($0.matches(of: #/"category":"([a-z]+)"/#).map { String($0.1) }) }
        #expect(names[0].isSubset(of: ["sky", "road", "car"]) && names[1].isSubset(of: ["a", "b", "c", "d", "e"]), "\(names)")
        #expect(!names[0].isEmpty && !names[1].isEmpty)
        #expect(service.end() == -SIGTERM)
    }

    @Test func aHangUpLoadsTheModelAgain() throws {
        let service = try RunningService(Self.config + "folder = FOLDER/maps\n", model: ServiceModels.first())
        try service.makePipe("in")
        try service.start()
        try service.wait(for: "READY=1") { service.manager.lines.contains("READY=1") }
        kill(service.identifier, SIGHUP)
        try service.wait(forLine: "model.eseg: loaded, SHA-256 ")
        try service.wait(for: "READY=1") { service.manager.lines.filter { $0 == "READY=1" }.count == 2 }
        let reload = try #require(service.manager.messages.first { $0.lines.first == "RELOADING=1" })
        #expect(reload.lines.count == 2 && reload.lines[1].wholeMatch(of: #/MONOTONIC_USEC=[0-9]+/#) != nil)
        try FileManager.default.removeItem(atPath: service.folder.path + "/model.eseg")
        kill(service.identifier, SIGHUP)
        try service.wait(forLine: "model.eseg: file: found No such file or directory")
        try service.wait(forLine: "model.eseg: not loaded, the model before it goes on")
        #expect(service.end() == -SIGTERM)
    }

    /// Its size does not fit the frames that come.
    @Test func aModelThatTheFramesDoNotFitIsNotTaken() throws {
        let service = try RunningService(
            "[camera front]\npipe = FOLDER/in\nraw = 48x32:rgb24\nfolder = FOLDER/maps\nkeep = 2\n", model: ServiceModels.first())
        try service.makePipe("in")
        try service.start()
        let writer = try service.openPipe("in")
        try writer.write(contentsOf: image.pixels)
        try service.wait(for: "a map") { service.files(in: "maps").count == 1 }
        try service.replaceModel(by: [])
        try service.wait(forLine: "model.eseg: file: found 0 bytes, expected a file that is not empty")
        try service.replaceModel(by: Array("no model".utf8))
        try service.wait(forLine: "model.eseg: not loaded, the model before it goes on", times: 2)
        try writer.write(contentsOf: image.pixels)
        try service.wait(for: "another map") { service.files(in: "maps").count == 2 }
        #expect(service.end() == -SIGTERM)
    }
}
