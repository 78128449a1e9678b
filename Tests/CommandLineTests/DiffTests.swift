import ESegNetwork
import Foundation
import TestSupport
import Testing

@Suite struct DiffTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func changed(_ name: String, _ change: (inout QuantizedNetwork) -> Void) throws -> String {
        var network = try QuantizedNetwork(contentsOf: QuantizedModel.path())
        change(&network)
        let path = folder.path + "/" + name
        try network.write(to: path)
        return path
    }

    @Test func identicalFilesAreCalledThat() throws {
        let result = try Tool.run("diff", QuantizedModel.path(), QuantizedModel.path())
        #expect(result.status == 0 && result.output == "The files are identical.\n", "\(result.errors)")
    }

    @Test func anotherHistoryIsNoOtherNetwork() throws {
        let path = try changed("b.eseg") { $0.provenance["weights"] = "other\u{1B}.safetensors" }
        let result = try Tool.run("diff", QuantizedModel.path(), path)
        #expect(result.status == 0 && result.output.hasSuffix("The networks compute the same.\n"), "\(result.errors)")
        #expect(result.output.contains("eseg-edge.safetensors  other\\u{1B}.safetensors") || result.output.contains("other\\u{001B}"))
    }

    @Test func layersThatDifferAreShown() throws {
        let path = try changed("b.eseg") { network in
            network.outputs[1].scale *= 1.5
            guard case .convolution(var layer) = network.layers[1], case .int16(var weights) = layer.weights else { return }
            weights[0] += weights[0] > 0 ? -1 : 1
            layer.weights = .int16(weights)
            network.layers[1] = .convolution(layer)
        }
        let json = folder.path + "/diff.json"
        let result = try Tool.run("diff", QuantizedModel.path(), path, "--json", json)
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.output.contains("backbone.stem") && result.output.contains("\n1 layers differ"), "\(result.output)")
        let object = try #require(try JSONSerialization.jsonObject(with: Data(contentsOf: URL(fileURLWithPath: json))) as? [String: Any])
        let layers = try #require(object["layers"] as? [[String: Any]])
        #expect(object["isSameArithmetic"] as? Bool == false && layers.count == 1)
        #expect(layers[0]["name"] as? String == "backbone.stem")
        // All in real numbers a third greater.
        #expect(abs((layers[0]["weightSqnrDb"] as? Double ?? 0) - 6.02) < 0.1)
    }

    @Test func otherNamesAreNoOtherNetwork() throws {
        let path = try changed("b.eseg") { $0.description.classNames[0] = "other" }
        let result = try Tool.run("diff", QuantizedModel.path(), path)
        #expect(result.status == 0 && result.output.hasSuffix("The networks compute the same.\n"), "\(result.errors)")
        #expect(result.output.contains("classes  ") && result.output.contains("  other, "))
    }

    @Test func networksOfOtherKindsAreRefused() throws {
        let other = try changed("b.eseg") { $0.description.mean[1] = 0.25 }
        for (path, reason) in [
            (other, "mean: found [0.5, 0.25, 0.5], expected [0.5, 0.5, 0.5], as in \(try QuantizedModel.path())"),
            (Tool.weights, "__metadata__.format: found nothing"),
            (folder.path + "/absent.eseg", "file: found No such file"),
        ] {
            let result = try Tool.run("diff", QuantizedModel.path(), path)
            #expect(result.status == 1 && result.output.isEmpty)
            #expect(result.errors.hasPrefix("eseg: error: \(path): \(reason)"), "\(result.errors)")
        }
    }
}
