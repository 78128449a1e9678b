import ArgumentParser
import ESegImaging
import ESegNetwork
import ESegRuntime
@preconcurrency import Glibc

/// `eseg run` over a stream, from its source to the closing line.
struct StreamRun {
    let input: StreamInput
    let outputs: StreamDestinations
    let everyFrame: Bool
    let size: ImageSize?

    /// Ends with the stream. Throws what ended it before its time, or `Failure` where no frame could be segmented; ends the process by the
    /// signal that asked for it, if any did.
    func run(_ model: Model, threads: Int) throws {
        let writers = try outputs.open(classNames: model.classNames)
        signal(SIGPIPE, SIG_IGN)
        let interruption = try Interruption()
        let signals = try TerminationSignals { interruption.interrupt() }
        let segmenter = StreamSegmenter(
            model, size: size.map { ($0.width, $0.height) }, threads: threads, withDoubt: outputs.withDoubt)
        var watch = outputs.withDoubt ? model.doubt.seen.map(DoubtWatch.init) : nil
        let status = StatusLine()
        let stages = StreamPipeline.Stages(
            open: { try open(interruption) },
            prepare: { try ThreadTeam.start(threads) },
            segment: { frame in
                try checkSize(of: frame.size, file: "\(input.name): frame \(frame.number)", resizedTo: size)
                try segmenter.segment(frame)
                if let line = watch?.notice(frame.doubtfulShare) { status.print("eseg: doubt: \(line)") }
            },
            outputs: writers,
            reportDamage: { status.print("eseg: skipped: \(printable("\($0)"))") })
        let pipeline = StreamPipeline(stages, everyFrame: everyFrame || input.isRegularFile, interruption: interruption)

        let start = ContinuousClock.now
        var last = StreamStatistics(), lastTime = start
        try pipeline.run { statistics in
            let now = ContinuousClock.now
            status.show(statistics.progress(since: last, over: lastTime.duration(to: now)))
            (last, lastTime) = (statistics, now)
        }
        let state = pipeline.state { $0 }
        status.print("eseg: \(state.statistics.summary(after: start.duration(to: .now)))")
        if let failure = state.failure { throw failure }
        signals.raiseReceived()
        guard state.statistics.segmented > 0 || state.isOutputClosed else {
            throw Failure("\(input.name): none of \(state.statistics.frames) frames could be segmented")
        }
    }

    private func open(_ interruption: Interruption) throws -> any FrameSource {
        let source = try input.open(interruption)
        if let frame = source.frameSize {
            try checkSize(of: ImageSize(width: frame.width, height: frame.height), file: source.name, resizedTo: size)
        }
        return source
    }
}

extension StreamFrame {
    var size: ImageSize { ImageSize(width: width, height: height) }
}

/// A line at the bottom of a terminal that is written over, and lines above it; where standard error is not a terminal, the latter only.
struct StatusLine {
    private let isVisible = isatty(STDERR_FILENO) == 1
    private let lock = Guarded(())

    func show(_ text: @autoclosure () -> String) {
        guard isVisible else { return }
        lock { _ in _ = fputs("\r\u{1B}[K\(text())", stderr) }
    }

    func print(_ line: String) {
        lock { _ in _ = fputs(isVisible ? "\r\u{1B}[K\(line)\n" : "\(line)\n", stderr) }
    }
}
