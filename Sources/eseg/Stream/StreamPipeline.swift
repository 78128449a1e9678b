import ESegImaging

/// Reads, segments and writes a stream's frames, each in a thread of its own.
///
/// The memory of a few frames goes round, so that reading never waits for memory.
final class StreamPipeline: @unchecked Sendable {
    /// One at each stage and one between two.
    static let frames = 5

    struct State {
        var statistics = StreamStatistics()
        var latencies = LatencyWindow()
        /// Frames that were read and are neither finished nor left out.
        var inHand = 0
        /// What ended the stream before its time.
        var failure: (any Error)?
        /// The stream ended because nobody reads its output any more.
        var isOutputClosed = false
    }

    /// The stages of a stream; each function is called from one thread only.
    struct Stages {
        /// Opens the source, or throws where there is none that can be run.
        var open: () throws -> any FrameSource
        /// Called before the first frame is segmented, on the same thread. What it throws ends the stream.
        var prepare: () throws -> Void
        /// Fills in a frame's classes, or throws where that frame cannot be segmented.
        var segment: (StreamFrame) throws -> Void
        var outputs: [any StreamOutput]
        /// Tells the user of a frame that is left out.
        var reportDamage: (any Error) -> Void
    }

    let state = Guarded(State())
    private let stages: Stages
    private let everyFrame: Bool
    private let interruption: Interruption
    private let unused = HandOver<StreamFrame>(capacity: StreamPipeline.frames)
    private let captured = HandOver<StreamFrame>(capacity: 1)
    private let segmented = HandOver<StreamFrame>(capacity: 1)
    private let finished = HandOver<Bool>(capacity: 1)

    /// Without `everyFrame`, a frame that waits for inference gives way to the next one.
    init(_ stages: Stages, everyFrame: Bool, interruption: Interruption) {
        self.stages = stages
        self.everyFrame = everyFrame
        self.interruption = interruption
        for _ in 0..<StreamPipeline.frames { _ = unused.put(StreamFrame()) }
    }

    /// Runs to the stream's end, calling `report` once a second. Throws `Failure` where the system has no threads left.
    func run(report: (StreamStatistics) -> Void) throws {
        var workers: [Worker] = []
        defer { workers.forEach { $0.join() } }
        do {
            workers.append(try Worker { self.capture() })
            workers.append(try Worker { self.infer() })
            workers.append(try Worker { self.output() })
        } catch {
            stop(error)
            throw error
        }
        while finished.take(within: .seconds(1)) == nil { report(state { $0.statistics }) }
    }

    private func capture() {
        defer { captured.close() }
        do {
            try readFrames(from: stages.open())
        } catch  where !interruption.isRequested {
            stop(error)
        } catch {}
    }

    private func readFrames(from source: any FrameSource) throws {
        guard var frame = unused.take() else { return }
        var lost = 0
        while true {
            let outcome = try source.read(into: frame)
            state { $0.statistics.dropped += source.lost - lost }
            lost = source.lost
            switch outcome {
            case .end: return
            case .damaged(let error): leaveOut(error)
            case .frame:
                frame.arrival = .now
                guard let next = handOver(frame) else { return }
                frame = next
            }
        }
    }

    /// Passes a frame on to inference; returns another one to be filled, or nil once the stream has been stopped.
    private func handOver(_ frame: StreamFrame) -> StreamFrame? {
        state { $0.inHand += 1 }
        if everyFrame { return captured.put(frame) ? unused.take() : nil }
        guard let older = captured.replace(frame) else { return unused.take() }
        state {
            $0.statistics.dropped += 1
            $0.inHand -= 1
        }
        return older
    }

    private func infer() {
        defer { segmented.close() }
        do { try stages.prepare() } catch { return stop(error) }
        while let frame = captured.take() {
            let start = ContinuousClock.now
            do {
                try stages.segment(frame)
                let time = start.duration(to: .now)
                state { $0.statistics.inference += time }
                guard segmented.put(frame) else { return }
            } catch {
                state { $0.inHand -= 1 }
                leaveOut(error)
                _ = unused.put(frame)
            }
        }
    }

    private func output() {
        defer { _ = finished.put(true) }
        while let frame = segmented.take() {
            do {
                for output in stages.outputs { try output.write(frame) }
                let latency = frame.arrival.duration(to: .now)
                let doubtful = frame.doubt.isEmpty ? nil : frame.doubtfulShare
                state {
                    $0.statistics.segmented += 1
                    if let doubtful { $0.statistics.doubtful = ($0.statistics.doubtful ?? 0) + doubtful }
                    $0.statistics.latency += latency
                    $0.latencies.add(latency)
                    $0.inHand -= 1
                }
                _ = unused.put(frame)
            } catch {
                stop(error)
            }
        }
    }

    private func leaveOut(_ error: any Error) {
        state { $0.statistics.damaged += 1 }
        stages.reportDamage(error)
    }

    /// Ends all stages at once.
    private func stop(_ error: any Error) {
        state {
            if error is OutputClosed { $0.isOutputClosed = true } else if $0.failure == nil { $0.failure = error }
        }
        interruption.interrupt()
        for queue in [unused, captured, segmented] { queue.close(discarding: true) }
    }
}
