import CESeg
import ESegNetwork
import ESegRuntime
import Synchronization

/// What an `eseg_session` stands for: a session for images of one size, and the memory in which they get the network's.
final class OpenSession: Handled {
    static let mark: UInt64 = 0x6573_6567_7365_7373
    static let name = "session"

    private let session: Session
    private let image: MapSize
    private let names: [(name: CText, kind: CText)]
    /// The image as RGB, where it is not the caller's own memory.
    private let frame: Memory
    /// The maps at the network's size, likewise.
    private let ownClasses: Memory
    private let ownDoubt: Memory
    private var resizer: Resizer?
    private let pins: TeamPins?
    private var milliseconds = 0.0
    private var doubtfulShare = -1.0
    private let isBusy = Atomic<Bool>(false)

    /// - Throws: `NetworkError` for a size that the network does not take, `RuntimeError` for too little memory, threads or CPUs.
    init(_ model: Model, _ options: SessionOptions) throws {
        let input = options.input ?? model.description.imageSize ?? options.image
        image = options.image
        try HostedOpenMP.prepareTeam(of: options.threads)
        pins = try options.cpus.map { (cpus) throws(RuntimeError) in try TeamPins(cpus, threads: options.threads) }
        session = try Session(model, height: input.height, width: input.width, threads: options.threads)
        names = try session.layers.map { (try CText($0.name), try CText($0.kind)) }
        frame = try Memory(image.height * image.width * 3)
        ownClasses = try Memory(input.height * input.width)
        ownDoubt = try Memory(input.height * input.width)
        if input != image {
            let (from, to) = ((image.width, image.height), (input.width, input.height))
            // Arrays know no error where there is no memory: it is asked for first.
            _ = try Memory(Resizer.bytes(from: from, to: to))
            resizer = Resizer(from: from, to: to)
        }
    }

    /// What `work` gives, while no other thread has the session.
    func alone<Result>(_ work: (OpenSession) throws -> Result) throws -> Result {
        guard isBusy.compareExchange(expected: false, desired: true, ordering: .acquiring).exchanged else {
            throw CallError(ESEG_BUSY, "session: found in use by another thread, expected one that is free")
        }
        defer { isBusy.store(false, ordering: .releasing) }
        return try work(self)
    }

    func segment(_ image: eseg_image, into result: eseg_result) throws {
        let source = try SourceImage(image, size: self.image)
        let target = try Targets(result, size: self.image, logits: session.logitShape)
        let start = MonotonicClock.milliseconds
        // The threads are the calling thread's: another one's session has others.
        try HostedOpenMP.prepareTeam(of: session.threads)
        if let pins { try pins.pinned { try run(source, target) } } else { try run(source, target) }
        milliseconds = MonotonicClock.milliseconds - start
    }

    private func run(_ source: SourceImage, _ target: Targets) throws {
        let pixels = source.rgb(in: frame), size = MapSize(height: session.height, width: session.width)
        // Straight to the caller's memory where that takes the map as it is.
        let directClasses = target.classes?.buffer(of: size), directDoubt = target.doubt?.buffer(of: size)
        let classes = directClasses ?? ownClasses.bytes, doubt = target.doubt.map { _ in directDoubt ?? ownDoubt.bytes }
        if resizer == nil {
            try session.segment(pixels, into: classes, doubt: doubt)
        } else {
            resizer?.resize(pixels)
            try resizer?.pixels.withUnsafeBufferPointer { try session.segment($0, into: classes, doubt: doubt) }
        }
        if directClasses == nil { target.classes?.fill(from: UnsafeBufferPointer(classes), of: size) }
        if directDoubt == nil, let doubt { target.doubt?.fill(from: UnsafeBufferPointer(doubt), of: size) }
        doubtfulShare = target.doubt?.doubtfulShare ?? -1
        if let logits = target.logits { session.copyLogits(into: logits) }
    }

    var info: eseg_session_info {
        var info = eseg_session_info()
        info.width = Int32(image.width)
        info.height = Int32(image.height)
        info.input_width = Int32(session.width)
        info.input_height = Int32(session.height)
        info.threads = Int32(session.threads)
        info.logit_width = Int32(session.logitShape.width)
        info.logit_height = Int32(session.logitShape.height)
        info.layers = Int32(names.count)
        let buffers = frame.bytes.count + ownClasses.bytes.count + ownDoubt.bytes.count
        info.bytes = session.bytes + buffers + (resizer?.bytes ?? 0) + (pins?.bytes ?? 0)
        info.milliseconds = milliseconds
        info.doubtful_share = doubtfulShare
        return info
    }

    func layer(_ index: Int32) throws(CallError) -> eseg_layer {
        let index = Int(index)
        guard names.indices.contains(index) else {
            throw .argument("index", found: "\(index)", expected: "0 to \(names.count - 1), a layer of the session's")
        }
        let layer = session.layers[index]
        return eseg_layer(
            name: names[index].name.pointer, kind: names[index].kind.pointer, macs: Int64(layer.macs), bytes: Int64(layer.bytesMoved),
            milliseconds: session.milliseconds[index])
    }
}
