import ESegNetwork
import Foundation
import TestSupport
import Testing

@Suite struct InspectTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test func showsNetworkClassesAndLayers() throws {
        let result = try Tool.run("inspect", Tool.weights, "--size", "2048x1024")
        #expect(result.status == 0)
        for fact in ["eseg-edge, float", "11: sky, building", "G at 2048x1024", "backbone.stem", "conv 3x3 /2 relu6", "1024x512x32"] {
            #expect(result.output.contains(fact), "\(fact)")
        }
    }

    @Test func showsHowEachLayerWasQuantizedAndWhatItLoses() throws {
        let result = try Tool.run("inspect", QuantizedModel.path())
        #expect(result.status == 0, "\(result.errors)")
        let lines = result.output.split(separator: "\n")
        let table = lines.drop { !$0.hasPrefix("layer ") }
        #expect(table.allSatisfy { $0.count <= 140 }, "\(table.map(\.count).max() ?? 0)")
        let stem = try #require(table.first { $0.hasPrefix("backbone.stem ") }).split(separator: " ")
        #expect(stem.contains("int16") && stem.contains("uint8") && stem.contains { $0.hasPrefix("0…") })
        #expect(stem.last.flatMap { Double($0) }.map { $0 > 20 && $0 < 80 } == true, "\(stem)")
        let classifier = try #require(table.last)
        #expect(classifier.contains(" all ") && classifier.contains("int16"))
    }

    @Test func aNetworkThatNoConfigGaveShowsNone() throws {
        var network = try QuantizedNetwork(contentsOf: QuantizedModel.path())
        network.familyConfig = nil
        network.description = NetworkDescription(
            name: "other", classNames: network.classNames, mean: [0.5, 0.25, 0], std: [1, 0.5, 0.25])
        let path = folder.path + "/other.eseg"
        try network.write(to: path)
        let result = try Tool.run("inspect", path)
        #expect(result.status == 0, "\(result.errors)")
        let lines = result.output.split(separator: "\n").map { $0.split(separator: " ").joined(separator: " ") }
        for fact in ["network other, int8", "graph \(network.graph.nodes.count) nodes", "pixels RGB, mean 0.5 0.25 0.0, std 1.0 0.5 0.25"] {
            #expect(lines.contains(fact), "\(fact)")
        }
        #expect(!result.output.contains("BiFPN") && !result.output.contains("width 1.0"))
    }

    @Test func theJSONHoldsWhatIsShown() throws {
        let json = folder.path + "/edge.json"
        let result = try Tool.run("inspect", QuantizedModel.path(), "--json", json)
        #expect(result.status == 0, "\(result.errors)")
        let network = try QuantizedNetwork(contentsOf: QuantizedModel.path())
        let inspection = try JSONDecoder().decode(InspectionJSON.self, from: Data(contentsOf: URL(fileURLWithPath: json)))
        #expect(inspection.name == "eseg-edge" && inspection.kind == "int8" && inspection.classes == network.classNames)
        #expect(inspection.mean == [0.5, 0.5, 0.5] && inspection.size == [160, 120] && inspection.madeFor == nil)
        #expect(inspection.provenance == network.provenance)
        #expect(inspection.macs == inspection.layers.reduce(0) { $0 + $1.macs } && inspection.macs > 0)
        #expect(inspection.layers.map(\.name) == network.graph.nodes.map(\.name))
        let stem = inspection.layers[1], record = try #require(network.records[1])
        #expect(stem.output == [80, 60, 32] && stem.weights == "int16" && stem.precision == "uint8")
        #expect(stem.scale == network.outputs[1].scale && stem.zeroPoint == network.outputs[1].zeroPoint)
        #expect(stem.range == [record.lower, record.upper] && stem.rangeMethod == record.method && stem.sqnrDb == record.sqnrDb)
    }

    @Test func theJSONOfFloatWeightsHasNoCodes() throws {
        let json = folder.path + "/float.json"
        #expect(try Tool.run("inspect", Tool.weights, "--size", "64x96", "--json", json).status == 0)
        let inspection = try JSONDecoder().decode(InspectionJSON.self, from: Data(contentsOf: URL(fileURLWithPath: json)))
        #expect(inspection.kind == "float" && inspection.size == [64, 96] && inspection.provenance.isEmpty)
        #expect(inspection.layers.allSatisfy { $0.scale == nil && $0.weights == nil && $0.range == nil })
    }

    @Test(arguments: ["absent.eseg", "absent.safetensors"])
    func missingFilesAreNamed(name: String) throws {
        let result = try Tool.run("inspect", name)
        #expect(result.status == 1)
        #expect(result.errors.hasPrefix("eseg: error: \(name): "))
    }

    @Test func filesOfOtherKindsAreRefused() throws {
        for (name, bytes) in [("empty", []), ("text", Array("no model at all".utf8)), ("image", [0x89, 0x50, 0x4E, 0x47])] {
            for suffix in ["eseg", "safetensors"] {
                let path = try folder.write(bytes, to: "\(name).\(suffix)")
                let result = try Tool.run("inspect", path)
                #expect(result.status == 1 && result.errors.hasPrefix("eseg: error: \(path): "), "\(name).\(suffix): \(result.errors)")
            }
        }
    }
}

/// What programs read of an inspection.
private struct InspectionJSON: Decodable {
    let name: String, kind: String, classes: [String], provenance: [String: String], parameters: Int, macs: Int
    let mean: [Float]?, std: [Float]?, channelOrder: String, madeFor: [Int]?, size: [Int], layers: [Layer]

    struct Layer: Decodable {
        let name: String, operation: String, output: [Int], macs: Int
        let weights: String?, precision: String?, scale: Float?, zeroPoint: UInt8?, range: [Float]?, rangeMethod: String?, sqnrDb: Float?
    }
}
