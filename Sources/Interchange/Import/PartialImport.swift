import ESegNetwork

/// What is known of an ONNX graph that cannot be imported: its layers as far as they were understood, and the nodes that are not among them.
public struct PartialImport: Sendable {
    /// The layers, from the image on; there may be some that no other reads, and the last one need not give logits.
    public let graph: Graph
    /// The image's size where the graph fixes it.
    public let imageSize: MapSize?
    /// The nodes that could not be taken, in the graph's order.
    public let omitted: [OmittedNode]
    /// How many nodes the ONNX graph has.
    public let nodeCount: Int

    /// Reads an ONNX file. Throws where nothing of its graph can be understood: it is damaged, or has another version, or no image.
    public init(onnx path: String, options: ImportOptions = ImportOptions()) throws(NetworkError) {
        try self.init(ONNX.Model(contentsOf: path), file: path, options: options)
    }

    init(_ model: ONNX.Model, file: String, options: ImportOptions = ImportOptions()) throws(NetworkError) {
        var network = NetworkImport(model, file: file, options: options)
        try network.walk()
        network.makeWhatWaits()
        graph = Graph(nodes: network.nodes)
        imageSize = network.imageSize
        omitted = network.omitted
        nodeCount = model.graph.nodes.count
    }
}

/// A node of an ONNX graph that could not be taken.
public struct OmittedNode: Sendable, Equatable {
    public enum Reason: Sendable {
        /// It is not supported as it is.
        case refused
        /// It reads what a node gives that could not be taken.
        case behind
    }

    /// The node's name, or its output's where it has none.
    public let name: String
    public let operation: String
    public let reason: Reason
}

extension NetworkImport {
    /// Makes layers of what waits for a later node to be folded into it, where that node could not be taken or ends the graph.
    fileprivate mutating func makeWhatWaits() {
        let readers = model.graph.nodes.filter { node in node.outputs.contains { isUnknown($0) } }
        for name in readers.flatMap(\.inputs) + model.graph.outputs.map(\.name) {
            var name = resolved(name)
            switch values[name] {
            case .classes(let source, _)?, .padded(let source, _)?: name = source
            case .constant?, .image?, nil: continue
            default: break
            }
            // What cannot be a layer by itself is not shown.
            try? settle(name)
            _ = try? force(name, NetworkError(file: file, field: name, found: "no layer", expected: "a layer"))
        }
    }
}
