import ESegRuntime

/// Segments a stream's frames, planning again when their size changes; one plan is held at a time. Use it from one thread.
public final class StreamSegmenter {
    private let size: (width: Int, height: Int)?
    private var sessions: PerImageSize<Session>
    private var scaling: Scaling?

    /// What leads from a frame to the network's input and back.
    private final class Scaling {
        let frameSize: (width: Int, height: Int)
        var resizer: Resizer
        var classes: [UInt8]

        init(from frame: (width: Int, height: Int), to input: (width: Int, height: Int)) {
            frameSize = frame
            resizer = Resizer(from: frame, to: input)
            classes = Array(repeating: 0, count: input.width * input.height)
        }
    }

    /// Frames are resized to `size` where there is one; class maps always have the frame's size.
    public init(_ model: Model, size: (width: Int, height: Int)?, threads: Int) {
        self.size = size
        sessions = PerImageSize { height, width in try Session(model, height: height, width: width, threads: threads) }
    }

    /// Plans for frames of that size, so that the first one need not wait.
    /// - Throws: as `segment`.
    public func prepare(width: Int, height: Int) throws {
        let input = size ?? (width, height)
        _ = try sessions.planned(height: input.height, width: input.width)
        if input != (width, height) { _ = scaling(from: (width, height), to: input) }
    }

    /// Fills in the frame's classes, and returns how long the network took; resizing and planning do not count.
    /// - Throws: `NetworkError` for a size out of range, `RuntimeError` for too little memory.
    @discardableResult
    public func segment(_ frame: StreamFrame) throws -> Duration {
        let input = size ?? (frame.width, frame.height)
        let session = try sessions.planned(height: input.height, width: input.width)
        guard input != (frame.width, frame.height) else {
            return try segment(frame.pixels, into: &frame.classes, session)
        }
        let scaling = scaling(from: (frame.width, frame.height), to: input)
        scaling.resizer.resize(frame.pixels)
        let time = try segment(scaling.resizer.pixels, into: &scaling.classes, session)
        resizeClasses(scaling.classes, from: input, to: (frame.width, frame.height), into: &frame.classes)
        return time
    }

    private func segment(_ pixels: [UInt8], into classes: inout [UInt8], _ session: Session) throws -> Duration {
        let start = ContinuousClock.now
        try pixels.withUnsafeBufferPointer { pixels in
            try classes.withUnsafeMutableBufferPointer { try session.segment(pixels, into: $0) }
        }
        return start.duration(to: .now)
    }

    private func scaling(from frame: (width: Int, height: Int), to input: (width: Int, height: Int)) -> Scaling {
        if let scaling, scaling.frameSize == frame { return scaling }
        let made = Scaling(from: frame, to: input)
        scaling = made
        return made
    }
}
