import ESegNetwork

/// Nodes whose outputs' channels can only be rescaled together: those that sums, pooling, gates and concats tie to each other.
///
/// A class is a set of channels that all have one factor. Mostly it is channel c of every member; a concat's channels are those of different
/// members.
struct ScalingGroup: Equatable {
    /// Indices of nodes in rising order.
    let members: [Int]
    /// By member, the class of each of its channels.
    let classes: [Int: [Int]]
    /// By class, the channels that it has.
    let places: [[Place]]
    /// Convolutions, dense and depthwise, that read a member and are to undo the scaling.
    let readers: [Int]
    /// Weighted sums that are not tied to what they add and undo its scaling by their weights.
    let sums: [Int]
    /// Members that are weighted sums and not tied to what they add.
    let untied: Set<Int>
    /// Why classes cannot be scaled; nil for those that can.
    let obstacles: [EqualizationSkip.Reason?]

    struct Place: Equatable {
        let node: Int
        let channel: Int
    }

    /// Why no class can be scaled; nil if some can.
    var obstacle: EqualizationSkip.Reason? { obstacles.contains(nil) ? nil : obstacles.compactMap(\.self).first }

    /// Why some classes cannot be scaled, and how many.
    var partialObstacles: [(reason: EqualizationSkip.Reason, channels: Int)] {
        let counts = Dictionary(grouping: obstacles.compactMap(\.self)) { $0 }.mapValues(\.count)
        return counts.sorted { $0.key.rawValue < $1.key.rawValue }.map { ($0.key, $0.value) }
    }

    /// Whether channels of different indices are tied, as by a concat.
    var movesChannels: Bool { classes.values.contains { $0 != Array(places.indices) } }

    /// One factor of each class for a member's channels.
    func factors(_ scales: [Float], of member: Int) -> [Float] { classes[member].map { $0.map { scales[$0] } } ?? [] }
}

extension Graph {
    /// Every node is a member of one group.
    ///
    /// - Parameter untied: weighted sums whose weights take the factors of what they add.
    func scalingGroups(untied: Set<Int> = []) -> [ScalingGroup] {
        let firsts = nodes.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1.channels) }
        var channels = DisjointSets(count: firsts[nodes.count]), groups = DisjointSets(count: nodes.count)
        for (index, node) in nodes.enumerated() where !untied.contains(index) {
            for channel in 0..<node.channels {
                for tie in node.operation.described.ties(ofChannel: channel, node.inputs.count) {
                    channels.join(firsts[index] + channel, firsts[node.inputs[tie.input]] + tie.channel)
                    groups.join(index, node.inputs[tie.input])
                }
            }
        }
        let members = Dictionary(grouping: nodes.indices) { groups.root(of: $0) }, mixed = mixed(untied: untied)
        return members.sorted { $0.key < $1.key }.map { _, members in
            scalingGroup(members, untied: untied, mixed: mixed) { channels.root(of: firsts[$0] + $1) }
        }
    }

    private func scalingGroup(_ members: [Int], untied: Set<Int>, mixed: Set<Int>, root: (Int, Int) -> Int) -> ScalingGroup {
        var numbers: [Int: Int] = [:], classes: [Int: [Int]] = [:], places: [[ScalingGroup.Place]] = []
        for member in members {
            classes[member] = (0..<nodes[member].channels).map { channel in
                let number = numbers[root(member, channel), default: places.count]
                if number == places.count {
                    numbers[root(member, channel)] = number
                    places.append([])
                }
                places[number].append(ScalingGroup.Place(node: member, channel: channel))
                return number
            }
        }
        let readers = nodes.indices.filter { nodes[$0].operation.taps > 0 && classes[nodes[$0].inputs[0]] != nil }
        let sums = untied.filter { nodes[$0].inputs.contains { classes[$0] != nil } }.sorted()
        var obstacles = [EqualizationSkip.Reason?](repeating: nil, count: places.count)
        func block(_ reason: EqualizationSkip.Reason, _ member: Int) {
            for number in classes[member] ?? [] { obstacles[number] = obstacles[number] ?? reason }
        }
        if members.contains(0) { block(.image, 0) }
        if members.contains(nodes.count - 1) { block(.logits, nodes.count - 1) }
        for member in members { if let reason = nodes[member].operation.activation.obstacle { block(reason, member) } }
        if readers.isEmpty && sums.isEmpty { for member in members { block(.unread, member) } }
        for member in members where mixed.contains(member) { block(.mixed, member) }
        return ScalingGroup(
            members: members, classes: classes, places: places, readers: readers, sums: sums,
            untied: untied.intersection(members), obstacles: obstacles)
    }

    /// Nodes whose channels another mixes, or gives without parameters to scale, or would scale twice.
    private func mixed(untied: Set<Int>) -> Set<Int> {
        var mixed: Set<Int> = []
        for (index, node) in nodes.enumerated() where !untied.contains(index) {
            let operation = node.operation.described
            let tied = Set((0..<node.channels).flatMap { operation.ties(ofChannel: $0, node.inputs.count).map(\.input) })
            if tied.isEmpty, operation.parameters.allSatisfy({ $0.scaling == .none }) { mixed.insert(index) }
            guard operation.taps == 0 else { continue }
            mixed.formUnion(node.valueInputs.indices.filter { !tied.contains($0) }.map { node.inputs[$0] })
        }
        return mixed
    }
}

extension Activation {
    /// Why a factor does not pass it.
    fileprivate var obstacle: EqualizationSkip.Reason? {
        switch self {
        case .silu: .silu
        case .hardSwish: .hardSwish
        case .sigmoid, .hardSigmoid: .sigmoid
        case .gelu, .geluTanh, .elu: .curve
        case .none, .relu, .relu6, .prelu: nil
        }
    }
}
