import ESegNetwork
import Testing

@testable import Calibration

struct ReportedNetworkTests {
    @Test func theImageIsNoLayer() throws {
        let (_, int8) = try tinyInt8()
        let network = try ReportedNetwork(int8)
        #expect(network.layers.map(\.name) == int8.graph.nodes.dropFirst().map(\.name))
        let levels = try int8.graph.levels()
        #expect(network.layers.map(\.level) == Array(levels.dropFirst()))
    }

    @Test func withoutNamesTheBackboneEndsWithTheFirstSumAndTheHeadFollowsTheLast() throws {
        let network = try ReportedNetwork(tinyInt8().int8)
        let parts = Dictionary(uniqueKeysWithValues: network.layers.map { ($0.name, $0.part) })
        #expect(parts["stem"] == .backbone && parts["pool"] == .backbone)
        #expect(parts["top_down"] == .pyramid && parts["fusion"] == .pyramid)
        #expect(parts["head"] == .head && parts["classifier"] == .head)
    }

    @Test func theBackboneIsWhatIsNamedSo() throws {
        var (_, int8) = try tinyInt8()
        for index in 1...3 { int8.graph.nodes[index].name = "backbone.\(index)" }
        let network = try ReportedNetwork(int8)
        #expect(network.layers.filter { $0.part == .backbone }.map(\.node) == [1, 2, 3])
    }

    @Test func precisionsAreTheNetworksOwn() throws {
        let network = try ReportedNetwork(tinyInt8(wideActivations: ["stem"]).int8)
        let stem = try #require(network.layers.first { $0.name == "stem" })
        #expect(stem.output == .int16 && stem.hasInt16Weights)
        let head = try #require(network.layers.first { $0.name == "head" })
        #expect(head.output == .uint8 && !head.hasInt16Weights)
    }

    @Test func techniquesAreWhatTheFileSays() throws {
        var (_, int8) = try tinyInt8()
        int8.provenance["quantization.techniques"] = "equalization fitting"
        #expect(try ReportedNetwork(int8).techniques == "equalization fitting")
        int8.provenance = [:]
        #expect(try ReportedNetwork(int8).techniques == "")
    }

    @Test func refusesAGraphThatIsNotValid() throws {
        var (_, int8) = try tinyInt8()
        int8.graph.nodes[2].inputs = [99]
        #expect(throws: NetworkError.self) { try ReportedNetwork(int8) }
    }
}
