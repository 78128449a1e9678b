import ESegNetwork

/// Nodes whose outputs can only be rescaled together, channel by channel: those that sums, pooling and gates tie to each other.
struct ScalingGroup: Equatable {
    /// Indices of nodes in rising order.
    var members: [Int]
    /// Convolutions, dense and depthwise, that read a member and are to undo the scaling.
    var readers: [Int]
    /// Whether a node mixes its channels with others, or gives them without parameters to scale, as a concat does.
    var isMixed = false

    /// Why its channels cannot be scaled; nil if they can.
    func obstacle(_ graph: Graph) -> EqualizationSkip.Reason? {
        if members.contains(0) { return .image }
        if members.contains(graph.nodes.count - 1) { return .logits }
        for member in members {
            switch graph.nodes[member].operation.activation {
            case .silu: return .silu
            case .hardSwish: return .hardSwish
            case .sigmoid, .hardSigmoid: return .sigmoid
            case .none, .relu, .relu6, .prelu: break
            }
        }
        if readers.isEmpty { return .unread }
        if isMixed { return .mixed }
        return nil
    }
}

extension Graph {
    /// Every node is a member of one group.
    func scalingGroups() -> [ScalingGroup] {
        var group = Array(nodes.indices)
        func root(_ node: Int) -> Int {
            var node = node
            while group[node] != node { node = group[node] }
            return node
        }
        for (index, node) in nodes.enumerated() {
            for input in node.tiedInputs {
                let (a, b) = (root(index), root(input))
                group[max(a, b)] = min(a, b)
            }
        }
        let members = Dictionary(grouping: nodes.indices, by: root)
        return members.sorted { $0.key < $1.key }.map { key, members in
            let set = Set(members)
            return ScalingGroup(members: members, readers: readers(of: set), isMixed: isMixed(set))
        }
    }

    private func isMixed(_ members: Set<Int>) -> Bool {
        nodes.indices.contains { index in
            let node = nodes[index]
            if members.contains(index) {
                if isScaledTwice(node, members) { return true }
                return node.tiedInputs.isEmpty && node.operation.parameters.allSatisfy { $0.scaling == .none }
            }
            return node.operation.taps == 0 && node.valueInputs.contains(where: members.contains)
        }
    }

    /// Whether a product's factor, or the like, would be scaled together with what it multiplies.
    private func isScaledTwice(_ node: Node, _ members: Set<Int>) -> Bool {
        guard node.operation.taps == 0, !node.tiedInputs.isEmpty else { return false }
        return node.valueInputs.indices.contains { !node.tiedInputs.indices.contains($0) && members.contains(node.inputs[$0]) }
    }

    private func readers(of members: Set<Int>) -> [Int] {
        nodes.indices.filter { index in
            nodes[index].operation.taps > 0 && members.contains(nodes[index].inputs[0])
        }
    }
}
