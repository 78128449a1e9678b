import ESegNetwork

/// Places of buffers in one arena such that no two that live at the same time overlap.
struct FloatArena {
    /// The first float of each buffer.
    let offsets: [Int]
    /// Floats in all.
    let count: Int

    /// A tensor that is written at step `lifetime.lowerBound` and last read at `lifetime.upperBound`.
    struct Buffer {
        var count: Int
        var lifetime: ClosedRange<Int>
    }

    /// Largest first, each buffer goes to the lowest offset where it fits. Offsets are multiples of a cache line.
    init(_ buffers: [Buffer]) {
        let line = 16
        let order = buffers.indices.sorted { (buffers[$0].count, $1) > (buffers[$1].count, $0) }
        var offsets = [Int](repeating: 0, count: buffers.count)
        var placed: [Int] = []
        for index in order {
            let buffer = buffers[index]
            let rivals = placed.filter { buffers[$0].lifetime.overlaps(buffer.lifetime) }
            for rival in rivals.sorted(by: { offsets[$0] < offsets[$1] }) {
                if offsets[index] + buffer.count <= offsets[rival] { break }
                let end = offsets[rival] + buffers[rival].count
                offsets[index] = max(offsets[index], (end + line - 1) / line * line)
            }
            placed.append(index)
        }
        self.offsets = offsets
        count = buffers.indices.map { offsets[$0] + buffers[$0].count }.max() ?? 0
    }

    /// Buffers of a graph's outputs: each lives from its node to its last reader, the last node's to the end.
    static func buffers(of graph: Graph, shapes: [Shape]) -> [Buffer] {
        var lastReaders = Array(graph.nodes.indices)
        for (index, node) in graph.nodes.enumerated() {
            for input in node.inputs { lastReaders[input] = index }
        }
        return graph.nodes.indices.map { index in
            Buffer(count: shapes[index].count, lifetime: index...max(lastReaders[index], index == graph.nodes.count - 1 ? index + 1 : index))
        }
    }
}
