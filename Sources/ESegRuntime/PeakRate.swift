import Kernels

extension ISA {
    /// The int8 multiply-accumulates a second that this machine reaches on that many threads when nothing but arithmetic limits it.
    ///
    /// Measured, in about a tenth of a second: the best of several runs of the instruction that bounds the kernels, in registers only.
    public func measuredInt8Peak(threads: Int) -> Double {
        let threads = Int32(min(max(threads, 1), Session.maximumThreads))
        let rounds: Int64 = 1 << 16
        let clock = ContinuousClock()
        let start = clock.now
        var best = 0.0
        repeat {
            var macs: Int64 = 0
            let elapsed = clock.measure { macs = eseg_s8_peak_run(eseg_kernels_for(value), rounds, threads) }
            best = max(best, Double(macs) / (elapsed / .seconds(1)))
        } while start.duration(to: clock.now) < .milliseconds(100)
        return best
    }
}
