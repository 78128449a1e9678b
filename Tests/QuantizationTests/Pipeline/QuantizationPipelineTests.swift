import ESegNetwork
import ESegRuntime
import TestSupport
import Testing

@testable import Quantization

@Suite("QuantizationPipeline")
struct QuantizationPipelineTests {
    private let float = tinyNetwork(activation: .silu)
    private let images = (0..<3).map { randomImage(height: 48, width: 48, seed: UInt64($0)) }

    private func pipeline(
        _ options: QuantizationOptions, report: @escaping (QuantizationEvent) -> Void = { _ in }
    ) throws -> QuantizationPipeline {
        QuantizationPipeline(
            float, named: "w", frames: try CalibrationFrames(images), named: "f", options: options, threads: 1, report: report)
    }

    @Test("gives int16 outputs that the effort chooses, and says so", arguments: Effort.allCases)
    func mixedPrecision(effort: Effort) throws {
        var chosen: [String]?
        let network = try pipeline(QuantizationOptions(effort: effort)) { if case .choseInt16(let names) = $0 { chosen = names } }.run()
            .network
        let outputs = zip(network.graph.nodes, network.outputs).dropLast().filter { $1.precision == .int16 && $0.operation.codes == .own }
        let int16 = outputs.map(\.0.name)
        #expect((chosen == nil) == (effort == .fast))
        #expect(Set(int16) == Set(chosen ?? []))
        #expect(network.provenance["quantization.int16Activations"] == (int16.isEmpty ? nil : chosen?.joined(separator: " ")))
    }

    @Test("records what the network was made from, and how far its outputs are from float's")
    func records() throws {
        let network = try pipeline(QuantizationOptions(effort: .fast)).run().network
        #expect(network.provenance[Provenance.weights] == "w" && network.provenance[Provenance.frames] == "f")
        #expect(network.provenance[Provenance.size] == "48x48" && network.provenance[Provenance.cost] == nil)
        #expect(network.records.compactMap(\.?.sqnrDb).count >= network.graph.absorbed.count { !$0 } - 2)
    }

    @Test("gives the same network from statistics of parts")
    func parts() throws {
        let pipeline = try pipeline(QuantizationOptions(effort: .fast))
        var merged = try pipeline.part(try #require(Shard("2/2")))
        try merged.merge(pipeline.part(try #require(Shard("1/2"))), from: "1", with: "2")
        #expect(try pipeline.run(statistics: (merged, "all")).network == pipeline.run().network)
    }

    @Test("bounds the loss and records it", arguments: [(100.0, true), (0, false)])
    func bounded(maxLoss: Double, meets: Bool) throws {
        let frames = LabeledFrames(count: images.count) { LabeledFrame(name: "\($0)", image: images[$0], labels: nil) }
        let measurement = CostMeasurement(MeasuredFrames(frames, named: "m"), maxLoss: maxLoss)
        let result = try pipeline(QuantizationOptions(effort: .fast)).run(measurement: measurement)
        let search = try #require(result.search)
        #expect(search.outcome.meetsTarget == meets && search.lossUnit == "% of pixels that change their class")
        #expect(result.network.provenance[Provenance.cost]?.hasSuffix(" on 3 frames of m") == true)
    }

    @Test("tells every stage's beginning, steps and end")
    func progress() throws {
        var stages: [QuantizationStage] = [], open = 0, left = 0
        _ = try pipeline(QuantizationOptions(without: [.fitting])) { event in
            switch event {
            case .began(let stage, let steps):
                stages.append(stage)
                (open, left) = (open + 1, steps)
            case .advanced: left -= 1
            case .ended:
                #expect(left == 0)
                open -= 1
            case .prepared, .choseInt16, .searched: break
            }
        }.run()
        #expect(stages == [.calibrating, .analyzing, .quantizing, .doubt] && open == 0)
    }
}
