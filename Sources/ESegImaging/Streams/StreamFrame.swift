/// A frame of a stream and what becomes of it, in memory that serves one frame after the other.
///
/// One thread at a time has it: whoever took it from a queue.
public final class StreamFrame: @unchecked Sendable {
    /// What a frame's memory takes.
    public static let bytesPerPixel = 4

    /// Place in the stream, from 1; damaged frames count.
    public internal(set) var number = 0
    public private(set) var width = 0
    public private(set) var height = 0
    /// width · height · 3 RGB bytes, rows top to bottom.
    public var pixels: [UInt8] = []
    /// width · height class indices, once there are any.
    public var classes: [UInt8] = []
    /// What those classes are called, where networks may follow each other.
    public var classNames: [String] = []
    /// When the frame was complete.
    public var arrival = ContinuousClock.now
    /// The stream's rate, where it states one.
    public internal(set) var rate: FrameRate?

    public init() {}

    /// Makes room for a frame of that size; allocates only where the size is another than before.
    func reshape(width: Int, height: Int) {
        guard width != self.width || height != self.height else { return }
        self.width = width
        self.height = height
        pixels = [UInt8](repeating: 0, count: width * height * 3)
        classes = [UInt8](repeating: 0, count: width * height)
    }
}
