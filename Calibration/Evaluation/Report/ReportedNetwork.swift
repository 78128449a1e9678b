import ESegNetwork

/// What a report tells of the int8 network itself.
public struct ReportedNetwork: Sendable {
    /// Of the images that resolutions are for.
    let imageSize: MapSize
    /// In the network's order, without the image and what sums do while they read.
    let layers: [ReportedLayer]
    /// What it was quantized with, as its file says.
    let techniques: String
    let distributions: LayerDistributions?

    /// - Parameter distributions: of the network's layers, where they were collected.
    /// - Throws: if the graph is not valid.
    public init(_ network: QuantizedNetwork, distributions: LayerDistributions? = nil) throws(NetworkError) {
        imageSize = network.calibrationSize ?? MapSize(height: 1024, width: 2048)
        let graph = network.graph, shapes = try graph.shapes(height: imageSize.height, width: imageSize.width)
        let absorbed = graph.absorbed
        let shown = graph.nodes.indices.dropFirst().filter { !absorbed[$0] }
        let stages = NetworkStages.of(shown.map { graph.nodes[$0].name })
        layers = zip(shown, stages).map { index, stage in
            let node = graph.nodes[index]
            return ReportedLayer(
                node: index, name: node.name, operation: node.operation, inputs: graph.sources(of: index, absorbed: absorbed),
                resolution: MapSize(height: shapes[index].height, width: shapes[index].width), stage: stage,
                output: network.outputs[index].precision, hasInt16Weights: network.layers[index].hasInt16Weights)
        }
        techniques = network.techniques
        self.distributions = distributions
    }
}

/// A node of the reported network.
struct ReportedLayer: Sendable, Equatable {
    /// Index in the graph.
    var node: Int
    var name: String
    var operation: Operation
    /// Indices in the graph.
    var inputs: [Int]
    /// Of the output.
    var resolution: MapSize
    var stage: String
    var output: Precision
    var hasInt16Weights: Bool
}

extension QuantizedLayer {
    fileprivate var hasInt16Weights: Bool {
        if case .int16 = convolution?.weights { true } else { false }
    }
}

extension QuantizedNetwork {
    /// The size of calibration, where the file says one that the network takes.
    fileprivate var calibrationSize: MapSize? {
        let sides = (provenance["calibration.size"] ?? "").split(separator: "x").compactMap { Int($0) }
        guard sides.count == 2, sides.allSatisfy(Graph.imageSides.contains) else { return nil }
        return MapSize(height: sides[1], width: sides[0])
    }

    /// What it was quantized with, as its file says; empty if it does not.
    package var techniques: String { provenance["quantization.techniques"] ?? "" }
}
