import ESegNetwork
import Testing

@testable import Evaluation

struct ReportedNetworkTests {
    @Test func theImageIsNoLayer() throws {
        let (_, int8) = try tinyInt8()
        let network = try ReportedNetwork(int8)
        let shown = zip(int8.graph.nodes.indices, int8.graph.absorbed).dropFirst().filter { !$1 }.map(\.0)
        #expect(network.layers.map(\.name) == shown.map { int8.graph.nodes[$0].name })
        let shapes = try int8.graph.shapes(height: network.imageSize.height, width: network.imageSize.width)
        #expect(network.layers.map(\.resolution) == shown.map { MapSize(height: shapes[$0].height, width: shapes[$0].width) })
    }

    @Test func resolutionsAreForTheSizeOfCalibration() throws {
        var (_, int8) = try tinyInt8()
        int8.provenance["calibration.size"] = "96x64"
        #expect(try ReportedNetwork(int8).imageSize == MapSize(height: 64, width: 96))
        for text in ["", "96", "96x", "0x0", "96x64x3", "1000000x64"] {
            int8.provenance["calibration.size"] = text
            #expect(try ReportedNetwork(int8).imageSize == MapSize(height: 1024, width: 2048))
        }
    }

    @Test func stagesComeFromTheNames() throws {
        var (_, int8) = try tinyInt8()
        for index in 1...3 { int8.graph.nodes[index].name = "backbone.\(index)" }
        let network = try ReportedNetwork(int8)
        #expect(network.layers.prefix(3).allSatisfy { $0.stage == "backbone" })
    }

    @Test func precisionsAreTheNetworksOwn() throws {
        let network = try ReportedNetwork(tinyInt8(int16Activations: ["stem"]).int8)
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
