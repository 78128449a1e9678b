/// The latencies of the last frames, of which quantiles are exact.
struct LatencyWindow {
    static let capacity = 1024

    private var latencies: [Duration] = []
    /// Where the oldest is, once there are as many as are kept.
    private var oldest = 0

    mutating func add(_ latency: Duration) {
        if latencies.count < LatencyWindow.capacity {
            latencies.reserveCapacity(LatencyWindow.capacity)
            latencies.append(latency)
        } else {
            latencies[oldest] = latency
            oldest = (oldest + 1) % LatencyWindow.capacity
        }
    }

    /// For each share, the least latency that at least so many of the frames do not exceed; none where there were no frames.
    func quantiles(_ shares: [Double]) -> [Duration] {
        guard !latencies.isEmpty else { return [] }
        let sorted = latencies.sorted()
        return shares.map { sorted[min(max(Int(($0 * Double(sorted.count)).rounded(.up)) - 1, 0), sorted.count - 1)] }
    }
}
