import ESegNetwork
import Interchange
import Texts

/// What `eseg inspect` shows of an ONNX network that cannot be imported: the layers that were understood, then the nodes that are not
/// among them.
struct PartialNetworkText: CustomStringConvertible {
    let network: PartialImport
    let size: ImageSize

    var description: String {
        let behind = network.omitted.count { $0.reason == .behind }
        var sections = [
            "graph  \(network.nodeCount) nodes, \(network.omitted.count - behind) not supported, \(behind) behind those", "\(layers)",
        ]
        if !network.omitted.isEmpty { sections.append("\(omitted)") }
        return sections.joined(separator: "\n\n")
    }

    private var layers: TextTable {
        var table = TextTable([("layer", .left), ("operation", .left), ("output", .right), ("MMAC", .right)])
        let shapes = network.graph.knownShapes(height: size.height, width: size.width)
        for (node, shape) in zip(network.graph.nodes, shapes) {
            let macs = shape.map { node.macs(of: $0) } ?? 0
            table.add([
                printable(node.name), node.operation.summary, shape.map { "\($0.width)x\($0.height)x\($0.channels)" } ?? "does not fit",
                macs == 0 ? "" : (Double(macs) / 1e6).text(decimals: 2),
            ])
        }
        return table
    }

    private var omitted: TextTable {
        var table = TextTable([("ONNX node", .left), ("operator", .left), ("", .left)])
        for node in network.omitted {
            let reason =
                switch node.reason {
                case .refused: "not supported"
                case .behind: "behind one that is not supported"
                }
            table.add([printable(node.name), printable(node.operation), reason])
        }
        return table
    }
}
