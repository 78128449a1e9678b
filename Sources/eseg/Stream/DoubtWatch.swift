import ESegNetwork
import Texts

/// Notices that a stream's doubtful pixels stay many more than calibration saw.
struct DoubtWatch {
    /// Frames whose mean counts.
    static let window = 30
    /// The share is far above calibration's where it is this many times as large, and by a hundredth of all pixels …
    static let manyTimes = 3.0
    static let leastExcess = 0.01
    /// … until it falls below this many times.
    static let fewTimes = 2.0

    private let usual: Double
    private var sum = 0.0
    private var frames = 0
    private var isFar = false

    init(_ seen: DoubtCalibration.Seen) { usual = seen.pixels }

    /// Takes in the share of a frame's pixels that are doubtful; returns what there is to say.
    mutating func notice(_ share: Double) -> String? {
        (sum, frames) = (sum + share, frames + 1)
        guard frames == Self.window else { return nil }
        let mean = sum / Double(frames)
        (sum, frames) = (0, 0)
        let was = isFar
        isFar = mean > (was ? Self.fewTimes : Self.manyTimes) * usual && mean > usual + Self.leastExcess
        guard isFar != was else { return nil }
        let found = "found \(percent(mean)) of pixels doubtful in \(Self.window) frames"
        return isFar
            ? "\(found), expected about \(percent(usual)), as on calibration's frames: int8, or the network, may not fit what is seen"
            : "\(found), again about as on calibration's frames, \(percent(usual))"
    }

    private func percent(_ share: Double) -> String { "\((100 * share).text(decimals: 2)) %" }
}
