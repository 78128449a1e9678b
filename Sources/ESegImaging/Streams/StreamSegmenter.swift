import ESegRuntime

/// Segments a stream's frames, planning again when their size changes; one plan is held at a time. Use it from one thread.
public final class StreamSegmenter {
    private let size: (width: Int, height: Int)?
    private let withDoubt: Bool
    private var sessions: PerImageSize<Session>
    private var scaling: Scaling?

    /// What leads from a frame to the network's input and back.
    private final class Scaling {
        let frameSize: (width: Int, height: Int)
        var resizer: Resizer
        var classes: [UInt8]
        /// Empty where it is not wanted.
        var doubt: [UInt8]

        init(from frame: (width: Int, height: Int), to input: (width: Int, height: Int), withDoubt: Bool) {
            frameSize = frame
            resizer = Resizer(from: frame, to: input)
            classes = Array(repeating: 0, count: input.width * input.height)
            doubt = withDoubt ? classes : []
        }
    }

    /// Frames are resized to `size` where there is one; class maps, and with `withDoubt` maps of doubt, always have the frame's size.
    public init(_ model: Model, size: (width: Int, height: Int)?, threads: Int, withDoubt: Bool = false) {
        (self.size, self.withDoubt) = (size, withDoubt)
        sessions = PerImageSize { height, width in try Session(model, height: height, width: width, threads: threads) }
    }

    /// Plans for frames of that size, so that the first one need not wait.
    /// - Throws: as `segment`.
    public func prepare(width: Int, height: Int) throws {
        let input = size ?? (width, height)
        _ = try sessions.planned(height: input.height, width: input.width)
        if input != (width, height) { _ = scaling(from: (width, height), to: input) }
    }

    /// Fills in the frame's classes and doubt, and returns how long the network took; resizing and planning do not count.
    /// - Throws: `NetworkError` for a size out of range, `RuntimeError` for too little memory.
    @discardableResult
    public func segment(_ frame: StreamFrame) throws -> Duration {
        let input = size ?? (frame.width, frame.height)
        let session = try sessions.planned(height: input.height, width: input.width)
        if withDoubt { frame.reshapeDoubt() }
        defer { if withDoubt { frame.doubtfulPixels = frame.doubt.withUnsafeBufferPointer(DoubtMap.doubtfulPixels) } }
        guard input != (frame.width, frame.height) else {
            return try segment(frame.pixels, into: &frame.classes, &frame.doubt, session)
        }
        let scaling = scaling(from: (frame.width, frame.height), to: input)
        frame.pixels.withUnsafeBufferPointer { scaling.resizer.resize($0) }
        let time = try segment(scaling.resizer.pixels, into: &scaling.classes, &scaling.doubt, session)
        resizeClasses(scaling.classes, from: input, to: (frame.width, frame.height), into: &frame.classes)
        if withDoubt { resizeClasses(scaling.doubt, from: input, to: (frame.width, frame.height), into: &frame.doubt) }
        return time
    }

    private func segment(
        _ pixels: [UInt8], into classes: inout [UInt8], _ doubt: inout [UInt8], _ session: Session
    ) throws -> Duration {
        let start = ContinuousClock.now
        try pixels.withUnsafeBufferPointer { pixels in
            try classes.withUnsafeMutableBufferPointer { classes in
                try doubt.withUnsafeMutableBufferPointer { try session.segment(pixels, into: classes, doubt: withDoubt ? $0 : nil) }
            }
        }
        return start.duration(to: .now)
    }

    private func scaling(from frame: (width: Int, height: Int), to input: (width: Int, height: Int)) -> Scaling {
        if let scaling, scaling.frameSize == frame { return scaling }
        let made = Scaling(from: frame, to: input, withDoubt: withDoubt)
        scaling = made
        return made
    }
}
