/// Resizes and max-pools that weighted sums do while they read: neither float nor integer plans give them a map or a step.
extension Graph {
    /// Nodes of a valid graph that are absorbed, parallel to `nodes`: those that only sums read, each of which can take them in.
    package var absorbed: [Bool] {
        let readers = readers
        return nodes.indices.map { index in !readers[index].isEmpty && readers[index].allSatisfy { absorbs(index, into: $0, readers) } }
    }

    private func absorbs(_ node: Int, into reader: Int, _ readers: [[Int]]) -> Bool {
        guard case .weightedSum = nodes[reader].operation, isAbsorbable(node), nodes[node].inputs[0] != 0 else { return false }
        // A sum begins with its first input, which it neither pools nor resizes.
        guard nodes[reader].inputs[0] != node else { return false }
        return nodes[node].inputs.count <= 2 || isChained(reader, readers)
    }

    /// Whether sums can do what a node does while they read.
    private func isAbsorbable(_ node: Int) -> Bool {
        if case .resize(let resize) = nodes[node].operation { return resize.target == .like }
        if case .maxPool(let pool) = nodes[node].operation { return pool.slides == MaxPool.usual }
        return false
    }

    /// Whether a sum adds up pyramid levels, and nothing else reads what it brings down: only then are resizes of several steps absorbed.
    private func isChained(_ sum: Int, _ readers: [[Int]]) -> Bool {
        pyramidLevels(of: sum) != nil && nodes[sum].inputs.dropFirst().allSatisfy { readers[$0] == [sum] }
    }

    /// The levels that a weighted sum adds, finest first, if each is resized to the finest step by step through the levels between; else nil.
    ///
    /// Such a sum adds up from the coarsest level down, so that each level is read once: y = w[top]·P[top], then y = w[i]·P[i] + upsample(y).
    package func pyramidLevels(of node: Int) -> [Int]? {
        let terms = nodes[node].inputs
        guard case .weightedSum(let sum) = nodes[node].operation, sum.activation == .none, terms.count > 2, let finest = terms.first else {
            return nil
        }
        var levels = [finest]
        for term in terms.dropFirst() {
            guard case .resize = nodes[term].operation, nodes[term].inputs.dropFirst().elementsEqual(levels.reversed()) else { return nil }
            levels.append(nodes[term].inputs[0])
        }
        return levels
    }
}

// What that means to whoever plans memory
extension Graph {
    /// The nodes whose maps a node reads: the input of an absorbed node in its place.
    package func sources(of node: Int, absorbed: [Bool]) -> [Int] {
        nodes[node].valueInputs.map { absorbed[$0] ? nodes[$0].inputs[0] : $0 }
    }

    /// The nodes, from the first to the last, during which each node's map is needed.
    package func lives(absorbed: [Bool]) -> [ClosedRange<Int>] {
        var ends = Array(nodes.indices)
        for index in nodes.indices where !absorbed[index] {
            for source in sources(of: index, absorbed: absorbed) { ends[source] = index }
        }
        return zip(nodes.indices, ends).map { $0...$1 }
    }
}
