import ESegNetwork

/// Finds how few layers need int16 activations for an int8 network to lose no more than it may.
///
/// Layers are taken in the order of the damage that 8 bits do to each alone; how many it takes is found by bisection, as if each more of them
/// only helped.
public struct PrecisionSearch {
    /// A network that was tried.
    public struct Trial: Sendable {
        public let network: QuantizedNetwork
        /// Names of the nodes whose outputs are int16, the worst first.
        public let int16: [String]
        /// In points of mIoU or of pixels that change their class.
        public let loss: Double
    }

    /// What was found.
    public struct Outcome: Sendable {
        /// The fewest int16 layers that meet the target or, if none do, the least loss.
        public let best: Trial
        public let meetsTarget: Bool
        /// The trial with no layer at int16.
        public let plain: Trial
        /// The trial with all layers at int16, where the search came to that.
        public let allInt16: Trial?
    }

    /// Nodes that can have int16 outputs, the worst first.
    public let ranking: [String]

    /// - Parameter analysis: of the network that is quantized.
    public init(_ analysis: Analysis) { ranking = analysis.ranking.filter { $0.output != nil }.map(\.name) }

    /// - Parameters:
    ///   - target: the loss that is allowed, in points.
    ///   - quantize: makes the network with int16 outputs of these nodes.
    ///   - measure: its loss in points.
    /// - Throws: what `quantize` and `measure` throw.
    public func run(
        target: Double, quantize: ([String]) throws -> QuantizedNetwork, measure: (QuantizedNetwork) throws -> Double
    ) throws -> Outcome {
        func trial(_ count: Int) throws -> Trial {
            let names = Array(ranking.prefix(count)), network = try quantize(names)
            return Trial(network: network, int16: names, loss: try measure(network))
        }
        let plain = try trial(0)
        guard plain.loss > target else { return Outcome(best: plain, meetsTarget: true, plain: plain, allInt16: nil) }
        let allInt16 = try trial(ranking.count)
        guard allInt16.loss <= target else {
            return Outcome(best: allInt16.loss < plain.loss ? allInt16 : plain, meetsTarget: false, plain: plain, allInt16: allInt16)
        }
        var best = allInt16, tooFew = 0
        while best.int16.count - tooFew > max(1, ranking.count / PrecisionSearch.resolution) {
            let found = try trial((tooFew + best.int16.count) / 2)
            if found.loss <= target { best = found } else { tooFew = found.int16.count }
        }
        return Outcome(best: best, meetsTarget: true, plain: plain, allInt16: allInt16)
    }

    /// The search ends when it knows the number of layers to this part of all.
    private static let resolution = 64
}
