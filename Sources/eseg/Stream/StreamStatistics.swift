import ESegRuntime
import Texts

/// What became of a stream's frames.
struct StreamStatistics: Equatable {
    var segmented = 0
    /// Whole frames that a newer one replaced before they were segmented, or that the source itself lost.
    var dropped = 0
    var damaged = 0
    /// Time that inference of all segmented frames took, resizing included.
    var inference = Duration.zero
    /// Time from a frame's arrival to the end of its output, the sum over all.
    var latency = Duration.zero
    /// Shares of pixels that were doubtful, the sum over all segmented frames; nil where that is not looked at.
    var doubtful: Double?

    var frames: Int { segmented + dropped + damaged }

    /// For a closing line, for example "980 of 1000 frames segmented, 0 dropped, 20 damaged; 12.4 s, 79.1 frames/s, inference 5.1 ms".
    func summary(after time: Duration) -> String {
        "\(counts); \((time / .seconds(1)).text(decimals: 1)) s, \(rates(over: time))"
    }

    var counts: String { "\(segmented) of \(frames) frames segmented, \(dropped) dropped, \(damaged) damaged" }

    /// For a line a second, from what had happened a while before.
    func progress(since earlier: StreamStatistics, over time: Duration) -> String {
        var recent = self
        recent.segmented -= earlier.segmented
        recent.inference -= earlier.inference
        recent.latency -= earlier.latency
        recent.doubtful = doubtful.map { $0 - (earlier.doubtful ?? 0) }
        return "frame \(frames): \(recent.rates(over: time)), \(dropped) dropped, \(damaged) damaged"
    }

    private func rates(over time: Duration) -> String {
        let seconds = time / .seconds(1)
        let rate = seconds > 0 ? (Double(segmented) / seconds).text(decimals: 1) : "-"
        guard segmented > 0 else { return "\(rate) frames/s" }
        let inference = inference / .milliseconds(segmented), latency = latency / .milliseconds(segmented)
        return "\(rate) frames/s, inference \(inference.text(decimals: 1)) ms, latency \(latency.text(decimals: 1)) ms"
            + (doubtful.map { ", \((100 * $0 / Double(segmented)).text(decimals: 2)) % doubtful" } ?? "")
    }
}
