import ESegNetwork
import ESegRuntime

@testable import Calibration

/// The int8 version of `tinyNetwork`, each weight rounded by itself.
func tinyInt8(wideActivations: [String] = []) throws -> (float: FloatNetwork, int8: QuantizedNetwork) {
    let network = tinyNetwork(activation: .relu)
    var options = QuantizationOptions()
    options.wideActivations = wideActivations
    return (network, try Quantizer.quantize(network: network, statistics: statistics(network, tinyFrames(2)), options: options))
}

/// A layer of a picture; `node` is its index in the graph.
func reportedLayer(_ node: Int, width: Int, _ stage: String = "backbone") -> ReportedLayer {
    ReportedLayer(
        node: node, name: "layer\(node)", operation: .maxPool(channels: 8), inputs: [node - 1],
        resolution: Resolution(height: 30, width: width), stage: stage, output: .uint8, hasInt16Weights: false)
}
