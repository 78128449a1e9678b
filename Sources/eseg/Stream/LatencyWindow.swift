/// The latencies of the last frames, of which quantiles are exact.
struct LatencyWindow {
    static let capacity = 1024

    private var latencies = [Duration](repeating: .zero, count: capacity)
    private var count = 0
    /// Where the next one goes.
    private var next = 0

    mutating func add(_ latency: Duration) {
        latencies[next] = latency
        next = (next + 1) % LatencyWindow.capacity
        count = min(count + 1, LatencyWindow.capacity)
    }

    /// For each share, the least latency that at least so many of the frames do not exceed; none where there were no frames.
    func quantiles(_ shares: [Double]) -> [Duration] {
        guard count > 0 else { return [] }
        let sorted = latencies.prefix(count).sorted()
        return shares.map { sorted[min(max(Int(($0 * Double(count)).rounded(.up)) - 1, 0), count - 1)] }
    }
}
