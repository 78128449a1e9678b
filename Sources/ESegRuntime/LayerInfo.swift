import ESegNetwork

/// What one step of a plan computes.
public struct LayerInfo: Sendable, Equatable {
    /// The node's name, or the module that a block's last node belongs to.
    public var name: String
    /// The fused operations, such as "expand+depthwise+project", or one that reads or writes int16 codes: "int16 depthwise3x3".
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
                kind: (packed.isWide(last) ? "int16 " : "") + step.nodes.map { kind($0, in: step.nodes) }.joined(separator: "+"),
                macs: step.nodes.reduce(0) { $0 + macs[$1] }, bytesMoved: maps + step.nodes.reduce(0) { $0 + packed.graph.weightCount($1) })
        }
    }

    private func mapBytesMoved(_ node: Int) -> Int { shapes[node].count * packed.codeBytes(node) }

    /// The node, or the module that a block's last node belongs to.
    private func name(of nodes: [Int]) -> String {
        let name = packed.graph.nodes[nodes[nodes.count - 1]].name
        guard nodes.count > 1, let dot = name.lastIndex(of: ".") else { return name }
        return String(name[..<dot])
    }

    private func kind(_ node: Int, in group: [Int]) -> String {
        switch packed.graph.nodes[node].operation {
        case .image: return "image"
        case .convolution(let c):
            let role = group.count == 1 ? "conv" : node == group[group.count - 1] ? "project" : "expand"
            return c.kernel == 1 ? role : "\(role)\(c.kernel)x\(c.kernel)"
        case .depthwise(let d): return "depthwise\(d.kernel)x\(d.kernel)"
        case .squeezeExcite: return "gate"
        case .maxPool: return "pool"
        case .fusion, .pyramidSum: return "fuse"
        }
    }
}

extension Graph {
    /// Weights of a node, without biases.
    func weightCount(_ node: Int) -> Int {
        switch nodes[node].operation {
        case .convolution(let c): c.kernel * c.kernel * c.inputChannels * c.outputChannels
        case .depthwise(let d): d.kernel * d.kernel * d.channels
        case .squeezeExcite(let channels, let squeezed): 2 * channels * squeezed * MemoryLayout<Float>.stride
        case .image, .maxPool, .fusion, .pyramidSum: 0
        }
    }
}
