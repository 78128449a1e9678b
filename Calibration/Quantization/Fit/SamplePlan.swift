import ESegNetwork

/// Which pixels of each node's output are looked at in each frame: spread evenly, shifted at random, the same in every run.
struct SamplePlan {
    let shapes: [Shape]
    let frames: Int
    /// Pixels of each node in each frame.
    private let counts: [Int]
    /// Each node's number among those that have an output of their own: a resize that a sum does while it reads moves no other's samples.
    private let numbers: [Int]

    /// - Parameters:
    ///   - least: samples of every node over all frames, where it has as many.
    ///   - perTap: samples for each weight of an output channel.
    init(_ graph: Graph, height: Int, width: Int, frames: Int, least: Int, perTap: Int) throws(NetworkError) {
        let shapes = try graph.shapes(height: height, width: width)
        counts = zip(graph.nodes, shapes).map { node, shape in
            let wanted = max(least, perTap * node.operation.taps)
            return min(shape.pixels, (wanted + frames - 1) / frames)
        }
        var next = 0
        numbers = graph.absorbed.map { isAbsorbed in
            defer { next += isAbsorbed ? 0 : 1 }
            return next
        }
        self.shapes = shapes
        self.frames = frames
    }

    /// Over all frames.
    func count(_ node: Int) -> Int { counts[node] * frames }

    /// The sampled positions in a frame, rising.
    func positions(_ node: Int, frame: Int) -> [Int32] {
        var state = UInt64(truncatingIfNeeded: numbers[node] &* 65537 &+ frame &+ 1) &* 0x9E37_79B9_7F4A_7C15
        let (pixels, count) = (shapes[node].pixels, counts[node])
        return (0..<count).map { index in
            state = (state ^ (state >> 27)) &* 0x94D0_49BB_1331_11EB &+ 0x9E37_79B9_7F4A_7C15
            let part = pixels * (index + 1) / count - pixels * index / count
            return Int32(clamping: pixels * index / count + Int((state >> 33) % UInt64(max(1, part))))
        }
    }
}
