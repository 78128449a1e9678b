import ESegNetwork

extension Graph {
    /// Nodes that run as one step, in topological order of the groups' last nodes; int16 nodes are alone. The image is in none, nor is what
    /// is absorbed.
    func fusedGroups(absorbed: [Bool], isInt16: (Int) -> Bool) -> [[Int]] {
        let readers = readers
        var taken = Set<Int>()
        var groups: [[Int]] = []
        for project in nodes.indices where isPointwise(project) && project != nodes.count - 1 && !isInt16(project) {
            let group = blockEnding(at: project, readers: readers) { isInt16($0) || taken.contains($0) }
            if group.count > 1 {
                groups.append(group)
                taken.formUnion(group)
            }
        }
        groups += nodes.indices.dropFirst().filter { !taken.contains($0) && !absorbed[$0] }.map { [$0] }
        return groups.sorted { $0[$0.count - 1] < $1[$1.count - 1] }
    }

    /// front, depthwise, gate, project, or as much of it as there is, back from the 1×1 convolution `project`, without nodes that are apart:
    /// those of int16 arithmetic and of other blocks.
    private func blockEnding(at project: Int, readers: [[Int]], isApart: (Int) -> Bool) -> [Int] {
        func before(_ node: Int) -> Int? {
            let input = nodes[node].inputs[0]
            return readers[input] == [node] && !isApart(input) ? input : nil
        }
        var group = [project]
        guard var at = before(project) else { return group }
        if case .convolution(let dense) = nodes[at].operation {
            return isBlockWindow(dense.slides) && !dense.slides.isPointwise && !dense.residual && nodes[at].inputs[0] != 0
                ? [at, project] : group
        }
        if case .gate = nodes[at].operation {
            group.insert(at, at: 0)
            guard let input = before(at) else { return [project] }
            at = input
        }
        guard case .depthwise(let depthwise) = nodes[at].operation, isBlockWindow(depthwise.slides), depthwise.slides.rows.kernel > 1 else {
            return [project]
        }
        group.insert(at, at: 0)
        if let front = before(at), isFront(front) { group.insert(front, at: 0) }
        return group
    }

    /// Whether blocks can slide a window: a small square, padded by half.
    private func isBlockWindow(_ window: Window) -> Bool {
        guard let (kernel, stride) = window.square else { return false }
        return kernel <= 7 && kernel % 2 == 1 && stride <= 2
    }

    private func isPointwise(_ node: Int) -> Bool {
        guard case .convolution(let c) = nodes[node].operation else { return false }
        return c.slides.isPointwise && (c.activation == .none || !c.residual)
    }

    private func isFront(_ node: Int) -> Bool {
        if case .convolution(let c) = nodes[node].operation { return isBlockWindow(c.slides) && !c.residual }
        if case .weightedSum = nodes[node].operation { return true }
        return false
    }
}
