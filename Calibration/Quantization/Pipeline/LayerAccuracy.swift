import ESegNetwork
import ESegRuntime

extension QuantizedNetwork {
    /// Measures on a few of the frames how far each node's output is from float's, and records it.
    ///
    /// Throws what `FloatExecutor` and `Inspector` throw.
    public mutating func recordAccuracy(
        against float: FloatNetwork, on frames: FittingFrames, isa: ISA = .best, threads: Int
    ) throws {
        let executor = try FloatExecutor(float.gatheringGates(), height: frames.height, width: frames.width, isa: isa, threads: threads)
        let inspector = try Inspector(Model(self, isa: isa), height: frames.height, width: frames.width, threads: threads)
        var ratios = [SignalToNoise](repeating: SignalToNoise(), count: graph.nodes.count)
        for index in evenlySpacedIndices(Self.recordedFrames, of: frames.images.count) {
            _ = try inspector.run(frames.images[index])
            _ = try executor.run(frames.images[index]) { node, values, _ in
                inspector.values(of: node).withUnsafeBufferPointer { ratios[node].add(values, approximations: $0) }
            }
        }
        for (node, ratio) in ratios.enumerated() where ratio.decibels.isFinite {
            records[node]?.sqnrDb = Float((100 * ratio.decibels).rounded() / 100)
        }
    }

    private static let recordedFrames = 4
}
