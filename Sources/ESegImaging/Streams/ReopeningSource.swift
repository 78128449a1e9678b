/// A source that is opened again where it ends or fails: a camera that is plugged in again, a pipe that is written to anew.
///
/// Between two attempts it waits half a second, and twice as long each time up to eight seconds. Frames are numbered on.
public final class ReopeningSource: FrameSource {
    public enum Event {
        case opened(any FrameSource)
        /// It failed, or could not be opened; nil where it ended.
        case gone((any Error)?)
    }

    static let shortestPause: Int32 = 500
    static let longestPause: Int32 = 8000

    public let name: String
    private let interruption: Interruption
    private let open: () throws -> any FrameSource
    private let report: (Event) -> Void
    private var source: (any FrameSource)?
    private var pause = ReopeningSource.shortestPause
    /// Of sources that are gone: their last frame's number, and what they lost.
    private var numberBefore = 0
    private var lostBefore = 0
    private var lastNumber = 0

    /// `open` and `report` are called on the thread that reads.
    public init(
        name: String, interruption: Interruption, open: @escaping () throws -> any FrameSource, report: @escaping (Event) -> Void
    ) {
        self.name = name
        self.interruption = interruption
        self.open = open
        self.report = report
    }

    public var format: String { source?.format ?? "none yet" }
    public var lost: Int { lostBefore + (source?.lost ?? 0) }

    /// The next frame, however long it takes; the end comes by interruption only.
    public func read(into frame: StreamFrame) -> FrameOutcome {
        while !interruption.isRequested {
            do {
                switch try readSource(into: frame) {
                case .frame:
                    frame.number += numberBefore
                    lastNumber = frame.number
                    pause = ReopeningSource.shortestPause
                    return .frame
                case .damaged(let error):
                    lastNumber += 1
                    return .damaged(error)
                case .end: leave(because: nil)
                }
            } catch { leave(because: error) }
        }
        return .end
    }

    /// Reads from the source, opened where it is not. Nothing but this object holds it, so that it can let it go.
    private func readSource(into frame: StreamFrame) throws -> FrameOutcome {
        if let source { return try source.read(into: frame) }
        let source = try open()
        self.source = source
        report(.opened(source))
        return try source.read(into: frame)
    }

    /// Lets the source go, and waits.
    private func leave(because error: (any Error)?) {
        guard !interruption.isRequested else { return }
        lostBefore = lost
        numberBefore = lastNumber
        source = nil
        report(.gone(error))
        if interruption.pause(milliseconds: pause) { pause = min(2 * pause, ReopeningSource.longestPause) }
    }
}
