/// A line about each camera every so many seconds, and one about all for the service manager.
struct ServiceReporter {
    private let cameras: [ServedCamera]
    private let log: ServiceLog
    /// Nil for no lines.
    private let interval: Duration?
    private var last: [StreamStatistics]
    private var lastTime = ContinuousClock.now
    private var lastStatus = ""

    init(_ cameras: [ServedCamera], _ log: ServiceLog, seconds: Int) {
        (self.cameras, self.log) = (cameras, log)
        interval = seconds > 0 ? .seconds(seconds) : nil
        last = cameras.map { _ in StreamStatistics() }
    }

    /// Prints what is due; returns a new text for the manager where there is one.
    mutating func report() -> String? {
        let now = ContinuousClock.now, time = lastTime.duration(to: now)
        guard time >= interval ?? .seconds(1) else { return nil }
        for (index, camera) in cameras.enumerated() {
            let statistics = camera.pipeline.state { $0.statistics }
            if interval != nil, statistics != last[index] || camera.status({ $0.format }) != nil {
                log.print("\(camera.config.name): \(statistics.progress(since: last[index], over: time))")
            }
            last[index] = statistics
        }
        reportDamage()
        lastTime = now
        let status = status
        defer { lastStatus = status }
        return status == lastStatus ? nil : status
    }

    /// Tells of damaged frames, the first since the last time and how many more.
    func reportDamage() {
        for camera in cameras {
            guard let damage = camera.status({ $0.damage.take() }) else { continue }
            log.print("\(camera.config.name): skipped: \(damage.first)" + (damage.count > 1 ? ", and \(damage.count - 1) more" : ""))
        }
    }

    /// For each camera how many frames it has had, or what it waits for.
    var status: String {
        cameras.map { camera in
            let (format, reason) = camera.status { ($0.format, $0.reason) }
            let state = format == nil ? "waiting, \(reason)" : camera.pipeline.state { $0.statistics.counts }
            return "\(camera.config.name): \(state)"
        }.joined(separator: "; ")
    }
}
