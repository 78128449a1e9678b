import Foundation
import TestSupport
import Testing

@testable import eseg

/// What the pages say of services and of lines of JSON is so.
@Suite struct ServicePageTests {
    private let service: Page
    private let streams: Page

    init() throws {
        service = try #require(Page.all.first { $0.name == "docs/service.md" })
        streams = try #require(Page.all.first { $0.name == "docs/streams.md" })
    }

    /// What stands first in the rows of tables, in backticks.
    private func keys(_ page: Page) -> [String] {
        page.lines.compactMap { $0.prefixMatch(of: #/\| `([a-z_-]+)` \|/#).map { String($0.1) } }
    }

    @Test func everyKeyIsExplained() {
        let explained = keys(service).filter { !$0.contains("_") }
        #expect(explained == ServiceConfig.keys + CameraConfig.keys)
    }

    @Test func theConfigurationIsOne() throws {
        let text = try #require(service.text.firstMatch(of: #/(?s)```ini\n(.*?)```/#)).1
        let config = try ServiceConfig(ConfigFile(String(text), path: "page"))
        #expect(config.cameras.map(\.name) == ["front", "yard"] && config.metrics?.text == "127.0.0.1:9464")
    }

    @Test func everyMetricIsExplained() throws {
        let model = try TemporaryFolder()
        let file = try model.write(ServiceModels.bytes(Tool.package + "/Models/eseg-edge.eseg"), to: "model")
        let running = try RunningService("metrics = 0\n[camera a]\npipe = FOLDER/in\nfolder = FOLDER/maps\ndoubt = yes\n", model: file)
        try running.start()
        try running.wait(forLine: "metrics at ")
        let told = try PrometheusText(running.metrics()).names
        _ = running.end()
        let explained = Set(keys(service).filter { $0.contains("_") })
        // What only some machines and models have.
        let optional: Set<String> = ["eseg_temperature_celsius", "eseg_model_doubtful_ratio", "eseg_doubtful_ratio"]
        #expect(
            told.isSubset(of: explained) && explained.subtracting(told).isSubset(of: optional), "\(told.symmetricDifference(explained))")
    }

    @Test(.enabled(if: Python.isPresent, "no Python"), arguments: ["rle", "polygons"])
    func theReaderOfThePageGivesTheMapsAgain(kind: String) throws {
        let folder = try TemporaryFolder()
        let code = try #require(streams.text.firstMatch(of: #/(?s)```python\n(.*?)```/#)).1
        let reader = try folder.write(Array(code.utf8), to: "reader.py")
        let frames = try ["000376", "000377"].flatMap { name in
            try ServiceModels.bytes(Tool.package + "/Samples/compare/images/\(name).jpg")
        }
        let stream = try folder.write(frames, to: "two.mjpeg")
        func output(_ command: String) throws -> [UInt8] {
            let result = try Tool.run(["-c", "set -o pipefail; \(command) > \(folder.path)/out"], program: "/bin/bash")
            #expect(result.status == 0, "\(result.errors)")
            return try ServiceModels.bytes(folder.path + "/out")
        }
        let run = "\(Tool.path) run \(Tool.package)/Models/eseg-edge.eseg \(stream) --threads 1 --stdout"
        let maps = try output("\(run) raw"), again = try output("\(run) \(kind) | \(Python.path) \(reader)")
        #expect(maps.count == 2 * 480 * 360 && again == maps)
    }

    @Test(.enabled(if: Python.isPresent, "no Python"))
    func theLineOfThePageIsOne() throws {
        let folder = try TemporaryFolder()
        let code = try #require(streams.text.firstMatch(of: #/(?s)```python\n(.*?)```/#)).1
        let line = try #require(streams.text.firstMatch(of: #/(?s)```json\n(.*?)```/#)).1
        let reader = try folder.write(Array(code.utf8), to: "reader.py"), file = try folder.write(Array(line.utf8), to: "line")
        let result = try Tool.run(["-c", "\(Python.path) \(reader) < \(file) > \(folder.path)/out"], program: "/bin/bash")
        #expect(result.status == 0, "\(result.errors)")
        #expect(try ServiceModels.bytes(folder.path + "/out") == [0, 0, 0, 0, 3, 3, 3, 3, 3, 3, 3, 3])
    }
}
