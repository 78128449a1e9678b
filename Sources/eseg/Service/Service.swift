import ESegImaging
import ESegNetwork
import ESegRuntime
@preconcurrency import Glibc

/// Cameras on one model, until a signal ends them.
final class Service: Sendable {
    /// What the main thread waits for.
    private enum Event {
        case ended(camera: Int), reload, stop
    }

    private let config: ServiceConfig
    private let manager: ServiceManager
    private let cameras: [ServedCamera]
    private let isa: ISA
    private let log = ServiceLog()
    private let models: Guarded<ServiceMetrics.Models>
    private let events = HandOver<Event>(capacity: 64)

    /// Loads the model and opens outputs. Throws where there is none that can be run, or one cannot be written.
    init(_ config: ServiceConfig, manager: ServiceManager, isa: ISA, threads: Int) throws {
        (self.config, self.manager, self.isa) = (config, manager, isa)
        let loaded = try LoadedModel(contentsOf: config.model, isa: isa)
        models = Guarded(ServiceMetrics.Models(loaded))
        cameras = try config.cameras.map { [log] in try ServedCamera($0, loaded, threads: threads, log: log) }
    }

    /// Runs until all cameras have ended. Throws what ended one before its time; ends the process by the signal that asked for it.
    func run() throws {
        signal(SIGPIPE, SIG_IGN)
        let signals = try TerminationSignals(hangUp: { [self] in _ = events.put(.reload) }) { [self] in _ = events.put(.stop) }
        let server = try config.metrics.map { address in
            try MetricsServer(at: address) { [self] in ServiceMetrics(cameras, models { $0 }).text }
        }
        if let server { log.print("metrics at \(server.url)") }
        let workers = try startCameras()
        defer { workers.forEach { $0.join() } }
        do { try supervise() } catch {
            interrupt()
            throw error
        }
        for camera in cameras { log.print("\(camera.config.name): \(camera.pipeline.state { $0.statistics.counts })") }
        if let failure = cameras.lazy.compactMap({ $0.pipeline.state { $0.failure } }).first { throw failure }
        signals.raiseReceived()
    }

    private func startCameras() throws -> [Worker] {
        var workers: [Worker] = []
        do {
            for (index, camera) in cameras.enumerated() {
                workers.append(
                    try Worker { [events] in
                        do { try camera.pipeline.run { _ in } } catch { camera.pipeline.state { $0.failure = $0.failure ?? error } }
                        _ = events.put(.ended(camera: index))
                    })
            }
        } catch {
            interrupt()
            workers.forEach { $0.join() }
            throw error
        }
        return workers
    }

    private func interrupt() { for camera in cameras { camera.interrupt() } }

    /// Tells the service manager, the log and the watchdog how it goes, and replaces the model, until all cameras have ended.
    private func supervise() throws {
        let watch = ModelWatch(config.model, models { $0.current }, isa: isa) { [cameras] loaded in
            let prepared = try cameras.map { try $0.prepared(loaded) }
            for (camera, model) in zip(cameras, prepared) { camera.follow(with: model) }
        }
        var reporter = ServiceReporter(cameras, log, seconds: config.statistics)
        var watchdog = manager.watchdog.map { Watchdog(interval: $0, at: .now) }
        let pause = min(.seconds(1), (manager.watchdog ?? .seconds(4)) / 4)
        var running = cameras.count, nextLook = ContinuousClock.now, isReloadAsked = false
        manager.tell(["READY=1", "STATUS=\(reporter.status)"])
        while running > 0 {
            switch events.take(within: pause) {
            case .ended(let camera):
                running -= 1
                if cameras[camera].pipeline.state({ $0.failure }) != nil { interrupt() }
            case .stop:
                manager.tell(["STOPPING=1"])
                interrupt()
            case .reload: isReloadAsked = true
            case nil: break
            }
            if let message = watchdog?.observe(cameras.map(\.activity), at: .now) { manager.tell([message]) }
            if let status = reporter.report() { manager.tell(["STATUS=\(status)"]) }
            finishReload(watch)
            guard isReloadAsked || nextLook <= .now else { continue }
            nextLook = .now + .seconds(1)
            if try watch.look(isAsked: isReloadAsked) {
                isReloadAsked = false
                manager.tell(["RELOADING=1", "MONOTONIC_USEC=\(MonotonicClock.nanoseconds / 1000)"])
            }
        }
        reporter.reportDamage()
    }

    private func finishReload(_ watch: ModelWatch) {
        guard let outcome = watch.takeOutcome() else { return }
        switch outcome {
        case .loaded(let loaded):
            models { $0.replace(by: loaded) }
            log.print("\(config.model): loaded, SHA-256 \(loaded.hash)")
        case .failed(let error):
            models { $0.failures += 1 }
            for line in errorLines(error) { log.print("error: \(line)") }
            log.print("\(config.model): not loaded, the model before it goes on")
        case .superseded: break
        }
        manager.tell(["READY=1"])
    }
}

extension ServedCamera {
    /// What a watchdog sees of it.
    fileprivate var activity: Watchdog.Activity {
        let (finished, inHand) = pipeline.state { ($0.statistics.segmented, $0.inHand) }
        let isOpenDevice: Bool =
            switch config.input {
            case .device: status { $0.format != nil }
            case .pipe: false
            }
        return Watchdog.Activity(finished: finished, mustFinish: inHand > 0 || isOpenDevice)
    }
}
