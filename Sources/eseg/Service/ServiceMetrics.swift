import ESegRuntime
@preconcurrency import Glibc

/// What a service tells Prometheus.
struct ServiceMetrics {
    /// The models that a service has had.
    struct Models: Sendable {
        private(set) var current: LoadedModel
        private(set) var replacements = 0
        var failures = 0
        private(set) var loadTime = time(nil)

        init(_ first: LoadedModel) { current = first }

        mutating func replace(by loaded: LoadedModel) {
            current = loaded
            replacements += 1
            loadTime = time(nil)
        }
    }

    static let quantiles = [0.5, 0.9, 0.99]

    private let cameras: [ServedCamera]
    private let models: Models

    init(_ cameras: [ServedCamera], _ models: Models) { (self.cameras, self.models) = (cameras, models) }

    /// Everything in Prometheus's text format.
    var text: String {
        var text = MetricsText()
        addCameras(to: &text)
        addModel(to: &text)
        addProcess(to: &text)
        return text.text
    }

    private func addCameras(to text: inout MetricsText) {
        let states = cameras.map { camera in (labels: [("camera", camera.config.name)], state: camera.pipeline.state { $0 }) }
        func counter(_ name: String, _ help: String, _ value: (StreamStatistics) -> Int) {
            text.add(name, .counter, help, states.map { .init(labels: $0.labels, value: Double(value($0.state.statistics))) })
        }
        counter("eseg_frames_total", "Frames that the camera gave, whatever became of them.", \.frames)
        counter("eseg_frames_segmented_total", "Frames that were segmented and written.", \.segmented)
        counter("eseg_frames_dropped_total", "Frames that gave way to newer ones, or that the camera lost.", \.dropped)
        counter("eseg_frames_damaged_total", "Frames that could not be decoded or segmented.", \.damaged)
        text.add(
            "eseg_latency_seconds", .summary,
            "Time from a frame's arrival to the end of its output; quantiles of the last \(LatencyWindow.capacity) frames.",
            states.flatMap { labels, state in
                zip(ServiceMetrics.quantiles, state.latencies.quantiles(ServiceMetrics.quantiles)).map { share, latency in
                    .init(labels: labels + [("quantile", "\(share)")], value: latency / .seconds(1))
                } + sums(labels, state.statistics.latency, state.statistics.segmented)
            })
        text.add(
            "eseg_inference_seconds", .summary, "Time that the network took, resizing included.",
            states.flatMap { sums($0.labels, $0.state.statistics.inference, $0.state.statistics.segmented) })
        let doubts = states.compactMap { labels, state in
            state.statistics.doubtful.map { (labels: labels, sum: $0, count: state.statistics.segmented) }
        }
        if !doubts.isEmpty {
            text.add(
                "eseg_doubtful_ratio", .summary, "Shares of pixels that are doubtful, 0 to 1, of each frame.",
                doubts.flatMap { labels, sum, count in
                    [.init(suffix: "_sum", labels: labels, value: sum), .init(suffix: "_count", labels: labels, value: Double(count))]
                })
        }
        func status(_ name: String, _ kind: MetricsText.Kind, _ help: String, _ value: (ServedCamera.Status) -> Int) {
            text.add(name, kind, help, zip(cameras, states).map { .init(labels: $1.labels, value: Double($0.status { value($0) })) })
        }
        status("eseg_camera_up", .gauge, "Whether the camera is open.") { $0.format == nil ? 0 : 1 }
        status("eseg_camera_openings_total", .counter, "How often the camera was opened.", \.openings)
    }

    private func sums(_ labels: [(String, String)], _ sum: Duration, _ count: Int) -> [MetricsText.Sample] {
        [.init(suffix: "_sum", labels: labels, value: sum / .seconds(1)), .init(suffix: "_count", labels: labels, value: Double(count))]
    }

    private func addModel(to text: inout MetricsText) {
        let model = models.current.model
        let facts = [
            ("name", model.description.name), ("sha256", models.current.hash), ("classes", "\(model.classNames.count)"),
            ("isa", "\(model.isa)"), ("version", "\(version)"),
        ]
        text.add("eseg_model_info", .gauge, "The model that runs, and what runs it.", [.init(labels: facts, value: 1)])
        if let seen = model.doubt.seen {
            text.add(
                "eseg_model_doubtful_ratio", .gauge, "The share of pixels that were doubtful in calibration.", [.init(value: seen.pixels)])
        }
        text.add(
            "eseg_model_load_timestamp_seconds", .gauge, "When the model was loaded, in seconds since 1970.",
            [.init(value: Double(models.loadTime))])
        text.add(
            "eseg_model_replacements_total", .counter, "How often another model was loaded.", [.init(value: Double(models.replacements))])
        text.add(
            "eseg_model_failures_total", .counter, "How often another model could not be loaded.", [.init(value: Double(models.failures))])
    }

    private func addProcess(to text: inout MetricsText) {
        if let celsius = MachineState().celsius {
            text.add("eseg_temperature_celsius", .gauge, "The hottest of the CPU's sensors.", [.init(value: celsius)])
        }
        if let memory = ResidentMemory() {
            text.add("process_resident_memory_bytes", .gauge, "Resident memory.", [.init(value: Double(memory.now))])
        }
        var usage = rusage()
        guard getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage) == 0 else { return }
        let seconds = [usage.ru_utime, usage.ru_stime].map { Double($0.tv_sec) + Double($0.tv_usec) / 1e6 }.reduce(0, +)
        text.add("process_cpu_seconds_total", .counter, "CPU time of the user and the system.", [.init(value: seconds)])
    }
}
