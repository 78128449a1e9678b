/// Where a stream's frames come from, one after the other; used from one thread.
public protocol FrameSource: AnyObject {
    /// What messages call it.
    var name: String { get }
    /// For messages, for example "MJPEG" or "Y4M, 480x360".
    var format: String { get }
    /// Width and height of all frames, where the format settles them.
    var frameSize: (width: Int, height: Int)? { get }
    var rate: FrameRate? { get }
    /// Frames that never arrived, as far as their source numbers them.
    var lost: Int { get }

    /// Reads the next frame. Throws where the source has failed for good; what ends one frame only is an outcome.
    func read(into frame: StreamFrame) throws(ImageError) -> FrameOutcome
}

extension FrameSource {
    public var frameSize: (width: Int, height: Int)? { nil }
    public var rate: FrameRate? { nil }
    public var lost: Int { 0 }
}

public enum FrameOutcome {
    case frame
    /// A frame that cannot be shown, and why; the next may be whole.
    case damaged(ImageError)
    case end
}

/// Frames per second as a fraction.
public struct FrameRate: Sendable, Equatable {
    public let numerator: Int
    public let denominator: Int

    /// Nil unless both are positive.
    public init?(_ numerator: Int, _ denominator: Int) {
        guard numerator > 0, denominator > 0 else { return nil }
        self.numerator = numerator
        self.denominator = denominator
    }
}

/// Throws `ImageError` unless frames of that size may be decoded.
func checkLimits(
    width: Int, height: Int, file: @autoclosure () -> String, field: String = "size"
) throws(ImageError) {
    let side = ImageLimits.side
    guard (1...side).contains(width), (1...side).contains(height), width * height <= ImageLimits.pixels else {
        throw ImageError(
            file: file(), field: field, found: "\(width)x\(height)",
            expected: "1 to \(side) a side and at most \(ImageLimits.pixels) pixels")
    }
}
