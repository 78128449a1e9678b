import Kernels

/// Where a map lies that is a part of another's: of a concat's, when whoever computes it writes it there and the concat copies nothing, or of
/// its input's, when it is a run of that one's channels.
struct MapSlice {
    /// The node whose map has a place of its own.
    let root: Int
    /// Of the root's map, the slice's first.
    let channel: Int
}

extension PackedNetwork {
    /// The maps that are slices of others, by node.
    ///
    /// An input of a concat is one where its codes are the concat's, and its kernel and those that read it take maps whose pixels are further
    /// apart than their channels. Concats of concats have one root. A node that several concats read is a slice of the last of them. Channels
    /// chosen from a map are one where they lie together.
    func mapSlices(absorbed: [Bool]) -> [MapSlice?] {
        let readers = graph.readers
        var slices = concatSlices(readers, absorbed: absorbed)
        for (index, node) in graph.nodes.enumerated() {
            guard case .channelSelection(let selection) = node.operation, let first = selection.run, node.inputs[0] != 0,
                slices[index] == nil, index != graph.nodes.count - 1, !absorbed[node.inputs[0]],
                readers[index].allSatisfy({ readsSlice(of: index, $0, absorbed: absorbed) })
            else { continue }
            let base = slices[node.inputs[0]] ?? MapSlice(root: node.inputs[0], channel: 0)
            slices[index] = MapSlice(root: base.root, channel: base.channel + first)
        }
        return slices
    }

    private func concatSlices(_ readers: [[Int]], absorbed: [Bool]) -> [MapSlice?] {
        var slices: [MapSlice?] = graph.nodes.map { _ in nil }
        for (index, node) in graph.nodes.enumerated().reversed() {
            guard case .concat(let concat) = node.operation else { continue }
            let base = slices[index] ?? MapSlice(root: index, channel: 0)
            var channel = base.channel
            for (input, channels) in zip(node.inputs, concat.inputChannels) {
                let isAlike = outputs[input] == outputs[index] && slices[input] == nil
                if isAlike, writesSlices(input), readers[input].allSatisfy({ readsSlice(of: input, $0, absorbed: absorbed) }) {
                    slices[input] = MapSlice(root: base.root, channel: channel)
                }
                channel += channels
            }
        }
        return slices
    }

    private func writesSlices(_ node: Int) -> Bool {
        switch layers[node] {
        case is eseg_s8_conv_layer, is eseg_s8_depthwise_layer, is PackedAffine, is PackedSum, is PackedPool, is PackedConcat: true
        case is Int16Convolution, is PackedBilinear, is PackedMean, is PackedProduct, is PackedRearrangement: true
        default: false
        }
    }

    private func readsSlice(of node: Int, _ reader: Int, absorbed: [Bool]) -> Bool {
        let inputs = graph.nodes[reader].inputs
        switch layers[reader] {
        case is eseg_s8_conv_layer:
            let isResidual = inputs.count > 1 && inputs[1] == node && inputs[0] != node
            return isResidual || graph.nodes[reader].operation.window?.isPointwise == true
        case is eseg_s8_depthwise_layer, is PackedAffine, is PackedPool, is PackedMean, is PackedBilinear, is PackedProduct: return true
        case is PackedRearrangement: return true
        case is PackedSum, is Int16Fusion: return inputs.allSatisfy { !absorbed[$0] }
        case let concat as PackedConcat: return concat.takesSlices
        default: return false
        }
    }
}
