import ESegImaging
import ESegRuntime
@preconcurrency import Glibc

/// A camera of a service: its pipeline, and what the service must know of it. Its network can be replaced while it runs.
final class ServedCamera: Sendable {
    /// What has become of the input.
    struct Status: Sendable {
        /// What it gives, for example "MJPEG"; nil while it is not there.
        var format: String?
        /// Why it is not there.
        var reason = "not opened yet"
        var openings = 0
        var frameSize: ImageSize?
        /// The first damaged frame since it was asked for, and how many there were.
        var damage: (first: String, count: Int)?
    }

    let config: CameraConfig
    let pipeline: StreamPipeline
    let status = Guarded(Status())
    private let interruption: Interruption
    private let threads: Int
    private let next = Guarded<RunningModel?>(nil)

    /// Opens the outputs. Throws where one cannot be written, or the system has no descriptors left.
    init(_ config: CameraConfig, _ loaded: LoadedModel, threads: Int, log: ServiceLog) throws {
        (self.config, self.threads) = (config, threads)
        let interruption = try Interruption()
        let input = ServedInput(config, status, interruption, log)
        var running = RunningModel(loaded.model, config, threads: threads)
        let (next, status, name) = (next, status, config.name)
        let stages = StreamPipeline.Stages(
            open: { try input.open() },
            prepare: { try ThreadTeam.start(threads) },
            segment: { frame in
                if let newer = next({ $0.take() }) { running = newer }
                status { if $0.frameSize != frame.size { $0.frameSize = frame.size } }
                if let line = try running.segment(frame) { log.print("\(name): doubt: \(line)") }
            },
            outputs: [RenamingOutput(try config.outputs.open(classNames: running.classNames), running.classNames)],
            reportDamage: { error in
                status { $0.damage = ($0.damage?.first ?? printable("\(error)"), ($0.damage?.count ?? 0) + 1) }
            })
        self.interruption = interruption
        pipeline = StreamPipeline(stages, everyFrame: config.everyFrame, interruption: interruption)
    }

    /// Ends the pipeline.
    func interrupt() { interruption.interrupt() }

    /// A model made ready for the frames that come now. Throws where it cannot be run on them.
    func prepared(_ loaded: LoadedModel) throws -> RunningModel {
        let running = RunningModel(loaded.model, config, threads: threads)
        if let frame = status({ $0.frameSize }) { try running.prepare(for: frame) }
        return running
    }

    /// Runs that model from the next frame on.
    func follow(with model: RunningModel) { next { $0 = model } }
}

/// A network that one camera's frames are run through.
struct RunningModel: @unchecked Sendable {
    let classNames: [String]
    private let camera: String
    /// What frames are resized to.
    private let size: ImageSize?
    private let segmenter: StreamSegmenter
    private var watch: DoubtWatch?

    init(_ model: Model, _ config: CameraConfig, threads: Int) {
        let withDoubt = config.outputs.withDoubt
        camera = config.name
        size = config.size ?? model.description.madeFor
        classNames = model.classNames
        segmenter = StreamSegmenter(model, size: size.map { ($0.width, $0.height) }, threads: threads, withDoubt: withDoubt)
        watch = withDoubt ? model.doubt.seen.map(DoubtWatch.init) : nil
    }

    func prepare(for frame: ImageSize) throws {
        try checkSize(of: frame, file: "\(camera): frames", resizedTo: size)
        try segmenter.prepare(width: frame.width, height: frame.height)
    }

    /// Fills in a frame's classes and doubt; returns what there is to say of the latter.
    mutating func segment(_ frame: StreamFrame) throws -> String? {
        try checkSize(of: frame.size, file: "\(camera): frame \(frame.number)", resizedTo: size)
        try segmenter.segment(frame)
        frame.classNames = classNames
        return watch?.notice(frame.doubtfulShare)
    }
}

/// Outputs of frames whose classes get other names where a network follows another.
private final class RenamingOutput: StreamOutput {
    private let outputs: [any StreamOutput]
    private var classNames: [String]

    init(_ outputs: [any StreamOutput], _ classNames: [String]) { (self.outputs, self.classNames) = (outputs, classNames) }

    func use(classNames: [String]) {
        self.classNames = classNames
        for output in outputs { output.use(classNames: classNames) }
    }

    func write(_ frame: StreamFrame) throws {
        if frame.classNames != classNames { use(classNames: frame.classNames) }
        for output in outputs { try output.write(frame) }
    }
}
