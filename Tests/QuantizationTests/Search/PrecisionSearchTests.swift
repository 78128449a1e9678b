import ESegNetwork
import TestSupport
import Testing

@testable import Quantization

@Suite("PrecisionSearch")
struct PrecisionSearchTests {
    private let network: QuantizedNetwork
    private let search: PrecisionSearch

    init() throws {
        let float = tinyNetwork(activation: .relu), frames = try tinyFrames(1)
        network = try Quantizer.quantize(network: float, statistics: statistics(float, frames))
        var analyzer = try Analyzer(float, int8: network, height: 48, width: 48, threads: 1)
        try analyzer.add(frames.images[0], labels: nil)
        search = try PrecisionSearch(analyzer.finish())
    }

    /// A network that loses a point less for each layer at int16, from as many as there are layers.
    private func outcome(target: Double, tried: (Int) -> Void = { _ in }) throws -> PrecisionSearch.Outcome {
        var last = 0
        return try search.run(target: target) { names in
            #expect(names == Array(search.ranking.prefix(names.count)))
            tried(names.count)
            last = names.count
            return network
        } measure: { _ in
            Double(search.ranking.count - last)
        }
    }

    @Test("takes no layer if none is needed") func none() throws {
        var trials = 0
        let found = try outcome(target: 50) { _ in trials += 1 }
        #expect(found.meetsTarget && found.best.int16.isEmpty && trials == 1)
    }

    @Test("takes as few as meet the target, the worst first", arguments: 0...10) func fewest(count: Int) throws {
        var trials = 0
        let found = try outcome(target: Double(search.ranking.count - count)) { _ in trials += 1 }
        #expect(found.meetsTarget && found.best.int16 == Array(search.ranking.prefix(count)))
        #expect(trials <= 6)
    }

    @Test("gives the best it found if the target cannot be met") func impossible() throws {
        let found = try outcome(target: -1)
        #expect(!found.meetsTarget && found.best.int16.count == search.ranking.count && found.best.loss == 0)
        #expect(found.allInt16?.loss == 0)
    }

    @Test("ranks the layers that have a choice") func ranking() {
        #expect(Set(search.ranking).count == search.ranking.count)
        #expect(!search.ranking.contains("pool") && !search.ranking.contains("classifier") && search.ranking.contains("stem"))
    }
}
