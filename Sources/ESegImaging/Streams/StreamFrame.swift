import ESegRuntime

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
    /// width · height values of doubt (`DoubtMap`), where it is wanted and once there are any; otherwise empty.
    public var doubt: [UInt8] = []
    /// How many of the pixels are doubtful.
    public internal(set) var doubtfulPixels = 0
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

    /// The share of its pixels that are doubtful, 0 to 1.
    public var doubtfulShare: Double { width * height == 0 ? 0 : Double(doubtfulPixels) / Double(width * height) }

    /// Whether `doubt` is the frame's.
    var hasDoubt: Bool { !doubt.isEmpty && doubt.count == width * height }

    /// Makes room for the frame's doubt; allocates only where the size is another than before.
    func reshapeDoubt() {
        guard doubt.count != width * height else { return }
        doubt = [UInt8](repeating: 0, count: width * height)
    }

    /// Makes doubtful pixels white.
    func whitenDoubtful() {
        pixels.withUnsafeMutableBufferPointer { pixels in
            for (index, value) in doubt.enumerated() where value >= DoubtMap.doubtful {
                for channel in 0..<3 { pixels[3 * index + channel] = .max }
            }
        }
    }
}
