import ESegNetwork
import ESegRuntime
import Quantization
import TestSupport

@testable import Evaluation

/// The int8 version of `tinyNetwork`, each weight rounded by itself.
func tinyInt8(int16Activations: [String] = []) throws -> (float: FloatNetwork, int8: QuantizedNetwork) {
    let network = tinyNetwork(activation: .relu)
    var options = QuantizationOptions()
    options.int16Activations = int16Activations
    var calibrator = try Calibrator(network: network, height: 48, width: 48, threads: 1)
    for seed in 0..<2 { try calibrator.add(image: randomImage(height: 48, width: 48, seed: UInt64(seed))) }
    return (network, try Quantizer.quantize(network: network, statistics: calibrator.finish(), options: options))
}

/// A layer of a picture; `node` is its index in the graph.
func reportedLayer(_ node: Int, width: Int, _ stage: String = "backbone") -> ReportedLayer {
    ReportedLayer(
        node: node, name: "layer\(node)", operation: .maxPool(MaxPool(channels: 8)), inputs: [node - 1],
        resolution: MapSize(height: 30, width: width), stage: stage, output: .uint8, hasInt16Weights: false)
}
