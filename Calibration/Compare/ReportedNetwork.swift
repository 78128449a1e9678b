import ESegNetwork

/// What a report tells of the int8 network itself.
public struct ReportedNetwork: Sendable {
    /// In the network's order, without the image.
    let layers: [ReportedLayer]
    /// What it was quantized with, as its file says.
    let techniques: String
    let distributions: LayerDistributions?

    /// Of the image that rows are told apart by: so large that no two levels of a usual network have one size.
    private static let side = 2048

    /// - Parameter distributions: of the network's layers, where they were collected.
    /// - Throws: if the graph is not valid.
    public init(_ network: QuantizedNetwork, distributions: LayerDistributions? = nil) throws(NetworkError) {
        let levels = try network.graph.levels(height: Self.side, width: Self.side)
        let parts = network.graph.parts
        layers = network.graph.nodes.indices.dropFirst().map { index in
            let node = network.graph.nodes[index]
            return ReportedLayer(
                node: index, name: node.name, operation: node.operation, inputs: node.inputs, level: levels[index], part: parts[index],
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
    /// Pyramid level: the output is the image's size divided by 2^level.
    var level: Int
    var part: NetworkPart
    var output: Precision
    var hasInt16Weights: Bool
}

/// Where in an ESeg network a node is.
enum NetworkPart: String, Sendable, CaseIterable {
    case backbone = "Backbone"
    case pyramid = "BiFPN"
    case head = "Head"
}

extension Graph {
    /// Each node's part: the head follows the last sum of levels; the backbone is named so or, where no node is, ends with the first sum.
    fileprivate var parts: [NetworkPart] {
        let sums = nodes.indices.filter { nodes[$0].operation.isSumOfLevels }
        let isNamed = nodes.contains { $0.name.hasPrefix("backbone.") }
        return nodes.indices.map { index in
            if index > sums.last ?? nodes.count { return .head }
            return (isNamed ? nodes[index].name.hasPrefix("backbone.") : index < sums.first ?? nodes.count) ? .backbone : .pyramid
        }
    }
}

extension Operation {
    fileprivate var isSumOfLevels: Bool {
        switch self {
        case .weightedSum: true
        case .image, .convolution, .depthwise, .maxPool, .resize, .globalAveragePool, .product, .gate: false
        }
    }
}

extension QuantizedLayer {
    fileprivate var hasInt16Weights: Bool {
        if case .int16 = convolution?.weights { true } else { false }
    }
}

extension QuantizedNetwork {
    /// What it was quantized with, as its file says; empty if it does not.
    package var techniques: String { provenance["quantization.techniques"] ?? "" }
}
