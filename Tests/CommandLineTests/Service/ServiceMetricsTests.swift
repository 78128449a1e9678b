import ESegRuntime
import Foundation
import TestSupport
import Testing

/// What Prometheus is told is what happened.
@Suite struct ServiceMetricsTests {
    @Test func framesAreCountedAndTimed() throws {
        let service = try RunningService(
            "metrics = 0\n[camera front]\npipe = FOLDER/in\nfolder = FOLDER/maps\nevery-frame = yes\ndoubt = yes\n",
            model: ServiceModels.second)
        try service.makePipe("in")
        try service.start()
        try service.wait(forLine: "metrics at http://127.0.0.1:")
        let first = try PrometheusText(service.metrics()), camera = ["camera": "front"]
        #expect(first.value("eseg_frames_total", camera) == 0 && first.value("eseg_camera_up", camera) == 0)
        #expect(first.value("eseg_latency_seconds_count", camera) == 0)
        #expect(first.value("eseg_latency_seconds", camera.merging(["quantile": "0.5"]) { $1 }) == nil)

        let jpeg = try RGBImage.gradient(width: 48, height: 32).jpegBytes()
        let writer = try service.openPipe("in")
        for number in 1...20 { try writer.write(contentsOf: number == 7 ? Array(jpeg.prefix(jpeg.count / 2)) : jpeg) }
        var text = ""
        try service.wait(for: "19 frames") {
            text = try service.metrics()
            return text.contains("eseg_frames_segmented_total{camera=\"front\"} 19\n")
        }
        let metrics = try PrometheusText(text)
        #expect(metrics.value("eseg_frames_total", camera) == 20 && metrics.value("eseg_frames_damaged_total", camera) == 1)
        #expect(metrics.value("eseg_frames_dropped_total", camera) == 0 && metrics.value("eseg_camera_up", camera) == 1)
        let quantiles = ["0.5", "0.9", "0.99"].compactMap { metrics.value("eseg_latency_seconds", ["camera": "front", "quantile": $0]) }
        #expect(quantiles.count == 3 && quantiles == quantiles.sorted() && quantiles[0] > 0)
        let sum = try #require(metrics.value("eseg_latency_seconds_sum", camera))
        #expect(sum >= 10 * quantiles[0] && sum <= 19 * quantiles[2] * 1.001)
        #expect(try #require(metrics.value("eseg_inference_seconds_sum", camera)) <= sum)
        #expect(metrics.value("eseg_doubtful_ratio_count", camera) == 19)
        let hash = try Tool.run(["sha256sum", ServiceModels.second], program: "/usr/bin/env").output.prefix(64)
        let version = try Tool.run("--version").output.trimmingCharacters(in: .newlines)
        let facts = ["name": "format2", "sha256": String(hash), "classes": "5", "isa": "\(ISA.best)", "version": version]
        #expect(metrics.value("eseg_model_info", facts) == 1)
        try expectPrometheusClientReads(text)
        try expectAnswers(service)
        #expect(service.end() == -SIGTERM)
        #expect(service.log.contains("front: skipped: \(service.folder.path)/in: frame 7: data: found "), "\(service.log)")
        #expect(service.files(in: "maps").count == 38, "\(service.files(in: "maps"))")
    }

    /// Prometheus's own reader of its format, where Python has it.
    private func expectPrometheusClientReads(_ text: String) throws {
        let code = """
            import sys
            from prometheus_client.parser import text_string_to_metric_families as families
            print(sorted(family.name for family in families(open(sys.argv[1]).read())))
            """
        guard try Python.run("import prometheus_client").status == 0 else {
            return print("skipped: Prometheus's own reader, which needs Python's prometheus_client")
        }
        let folder = try TemporaryFolder()
        let result = try Python.run(code, folder.write(Array(text.utf8), to: "metrics"))
        #expect(result.status == 0 && result.output.contains("'eseg_frames_dropped', 'eseg_frames_segmented'"), "\(result.errors)")
    }

    /// What is not asked for as it should be is refused, and ends nothing.
    private func expectAnswers(_ service: RunningService) throws {
        let port = try #require(service.log.firstMatch(of: #/127\.0\.0\.1:([0-9]+)/#)).1
        func answer(_ request: String) throws -> String {
            let script = "exec 3<>/dev/tcp/127.0.0.1/$0; printf \"$1\" >&3; timeout 5 cat <&3"
            return try Tool.run(["-c", script, String(port), request], program: "/bin/bash").output
        }
        #expect(try answer("GET / HTTP/1.0\\r\\n\\r\\n").contains(" 404 Not Found"))
        let refused = try answer("POST /metrics HTTP/1.0\\r\\nContent-Length: 3\\r\\n\\r\\nabc")
        #expect(refused.contains(" 405 Method Not Allowed") && refused.contains("Allow: GET, HEAD"))
        let head = try answer("HEAD /metrics HTTP/1.0\\r\\n\\r\\n")
        #expect(head.contains(" 200 OK") && !head.contains("# HELP"))
        #expect(try !answer("nonsense\\r\\n\\r\\n").contains(" 200 OK"))
        // Whoever goes on writing to a server that has closed may lose its answer.
        #expect(try !answer("GET /metrics HTTP/1.0\\r\\nX: \(String(repeating: "x", count: 40000))\\r\\n\\r\\n").contains(" 200 OK"))
        #expect(try service.metrics().hasPrefix("# HELP eseg_frames_total "))
    }

    @Test func anAddressThatIsTakenIsAnError() throws {
        let folder = try TemporaryFolder()
        let taken = try ListenerOnFreePort()
        let config = "model = \(ServiceModels.second)\n[camera a]\npipe = \(folder.path)/p\nfolder = \(folder.path)/maps\n"
        let result = try Tool.run("serve", folder.write(Array(config.utf8), to: "a.conf"), "--metrics", "\(taken.port)")
        #expect(
            result.status == 1 && result.errors.contains("metrics: 127.0.0.1:\(taken.port): Address already in use"), "\(result.errors)")
    }

    /// A port of this machine that is taken.
    private final class ListenerOnFreePort {
        private let descriptor: Int32
        let port: UInt16

        init() throws {
            let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            self.descriptor = descriptor
            var address = sockaddr_in(), size = socklen_t(MemoryLayout<sockaddr_in>.size)
            address.sin_family = sa_family_t(AF_INET)
            inet_pton(AF_INET, "127.0.0.1", &address.sin_addr)
            let status = withUnsafeMutablePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                    bind(descriptor, address, size) + listen(descriptor, 1) + getsockname(descriptor, address, &size)
                }
            }
            guard status == 0 else { throw NotifySocket.Failure(text: String(cString: strerror(errno))) }
            port = UInt16(bigEndian: address.sin_port)
        }

        deinit { close(descriptor) }
    }
}
