import ESegNetwork

@testable import Interchange

extension FuzzTarget {
    /// A model that is imported is a network that runs at some size, or says at which it does not.
    static let onnx = FuzzTarget("onnx") {
        GraphRecipe.networks.compactMap { try? $0.onnxModel(file: "seed", size: nil).bytes }
    } mutated: { bytes, another, seed in
        ONNXMutation.mutated(bytes, another: another, seed: seed)
    } run: { bytes in
        let model: ONNX.Model
        do { model = try ONNX.Model(WholeFile(bytes, name: "fuzz.onnx")) } catch { return "\(error)" }
        let input = InputNormalization(mean: [0, 0, 0], std: [1, 1, 1])
        _ = try? PartialImport(model, file: "fuzz.onnx")
        let network: FloatNetwork
        do { network = try FloatNetwork(model, file: "fuzz.onnx", input: input) } catch { return "\(error)" }
        let gathered = network.gatheringGates()
        do { try gathered.graph.validate(file: "fuzz.onnx") } catch { throw FuzzFinding("\(error)") }
        for node in gathered.graph.nodes {
            for parameter in node.operation.parameters {
                let shape = gathered.parameters["\(node.name).\(parameter.suffix)"]?.shape
                try require(shape == parameter.shape, "\(node.name).\(parameter.suffix) has the shape \(String(describing: shape))")
            }
        }
        return network.fingerprint
    }
}
