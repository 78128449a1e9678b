import ESegNetwork

/// What one step of a plan computes.
public struct LayerInfo: Sendable, Equatable {
    /// The node's name, or the module that a block's last node belongs to.
    public var name: String
    /// The fused operations, such as "conv1x1+depthwise3x3+conv1x1", or one that reads or writes int16 codes: "int16 depthwise3x3".
    public var kind: String
    /// Multiply-accumulates of the fused nodes.
    public var macs: Int
    /// Bytes of the maps read and written, and of the weights: what must cross the memory hierarchy at least once.
    public var bytesMoved: Int
}

extension Plan {
    func layerInfos() throws -> [LayerInfo] {
        let macs = try packed.graph.macs(height: height, width: width)
        return steps.map { step in
            guard let last = step.nodes.last else {
                let logits = shapes[shapes.count - 1].count * MemoryLayout<Int16>.stride
                return LayerInfo(name: "upsample", kind: "upsample+argmax", macs: 0, bytesMoved: logits + height * width)
            }
            let maps = (step.reads + [last]).reduce(0) { $0 + mapBytesMoved($1) }
            return LayerInfo(
                name: name(of: step.nodes),
                kind: (packed.isInt16(last) ? "int16 " : "")
                    + step.nodes.map { packed.graph.nodes[$0].operation.label }.joined(separator: "+"),
                macs: step.nodes.reduce(0) { $0 + macs[$1] }, bytesMoved: maps + step.nodes.reduce(0) { $0 + packed.graph.weightBytes($1) })
        }
    }

    private func mapBytesMoved(_ node: Int) -> Int { shapes[node].count * packed.codeBytes(node) }

    /// The node, or the module that a block's last node belongs to.
    private func name(of nodes: [Int]) -> String {
        let name = packed.graph.nodes[nodes[nodes.count - 1]].name
        guard nodes.count > 1, let dot = name.lastIndex(of: ".") else { return name }
        return String(name[..<dot])
    }
}

extension Graph {
    /// Bytes of a node's weights, without biases, at one byte each; a gate's are float32.
    func weightBytes(_ node: Int) -> Int {
        let weights = nodes[node].operation.parameters.filter { $0.shape.count > 1 && $0.suffix.hasSuffix("weight") }
        let bytes = if case .gate = nodes[node].operation { MemoryLayout<Float>.stride } else { 1 }
        return weights.reduce(0) { $0 + $1.shape.reduce(bytes, *) }
    }
}
