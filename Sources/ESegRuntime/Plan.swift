import ESegNetwork
import Kernels

/// One kernel call: what is fused into it, and what it works on.
struct Step {
    var work: any StepWork
    /// The fused nodes, in order; the last one's output is the step's.
    var nodes: [Int]
    /// Nodes whose maps the step reads.
    var reads: [Int]
    var scratchBytes: Int
}

/// A network laid out for one input size: fused steps, and every map at a fixed place of one arena.
///
/// Fusion follows the shape of the graph, not the names: a 1×1 convolution or a weighted sum whose only reader is a depthwise convolution
/// becomes the front of a block, as does a k×k convolution whose only reader is a 1×1 one. int16 convolutions are joined to chains.
final class Plan {
    let packed: PackedNetwork
    let shapes: [Shape]
    /// Nodes that sums do while they read; none where each node is to have a map.
    let absorbed: [Bool]
    /// Maps that lie in others.
    private let slices: [MapSlice?]
    let height: Int
    let width: Int
    let threads: Int
    private(set) var steps: [Step] = []
    private(set) var arena: Arena
    private(set) var tables = MemoryPool()

    /// The last node's output; nil in a dry run.
    var logits: UnsafePointer<Int16>? {
        arena.map(of: shapes.count - 1).map { UnsafeRawPointer($0).assumingMemoryBound(to: Int16.self) }
    }
    var bytes: Int { arena.bytes + tables.bytes }

    /// Bytes of a map that stay in a CPU's own cache beside what else is worked on.
    static let cachedBytes = 512 << 10

    /// What is a step.
    enum Granularity {
        /// As many nodes as one kernel call can do.
        case fused
        /// Each node that sums do not absorb, by itself; it keeps its map.
        case nodes
        /// Each node by itself, for looking into the network; it keeps its map.
        case allNodes
    }

    /// - Parameter isDry: the plan has no steps and takes no memory for maps; only `bytes` is known.
    init(
        _ packed: PackedNetwork, height: Int, width: Int, threads: Int, granularity: Granularity = .fused, isDry: Bool = false
    ) throws {
        self.packed = packed
        self.height = height
        self.width = width
        self.threads = threads
        shapes = try packed.graph.shapes(height: height, width: width)
        absorbed = granularity == .allNodes ? packed.graph.nodes.map { _ in false } : packed.graph.absorbed
        slices = granularity == .fused ? packed.mapSlices(absorbed: absorbed) : packed.graph.nodes.map { _ in nil }
        arena = Arena()
        let nodeGroups =
            switch granularity {
            case .fused: joiningConvolutions(packed.graph.fusedGroups(absorbed: absorbed, isInt16: packed.isInt16))
            case .nodes, .allNodes: zip(shapes.indices, absorbed).dropFirst().filter { !$1 }.map { [$0.0] }
            }
        try layOut(nodeGroups, keepAll: granularity != .fused, isDry: isDry)
        guard !isDry else { return }
        tables = MemoryPool()  // Those of the dry run are no longer read.
        for group in nodeGroups { steps.append(try step(group)) }
        steps.append(upsampling())
    }

    /// Plans the arena: sizes are known from the groups alone, the scratch from a dry run over maps without addresses.
    private func layOut(_ groups: [[Int]], keepAll: Bool, isDry: Bool) throws {
        let last = packed.graph.nodes.count - 1
        var requests: [Arena.Request] = []
        var lives: [Int: ClosedRange<Int>] = [:]
        for (time, group) in groups.enumerated() {
            let node = group[group.count - 1], root = slices[node]?.root ?? node
            let lastRead = groups.indices.last { reads(groups[$0]).contains(node) } ?? time
            let end = keepAll || node == last ? groups.count : lastRead
            lives[root] = min(lives[root]?.lowerBound ?? time, time)...max(lives[root]?.upperBound ?? end, end)
        }
        for (node, lives) in lives.sorted(by: { $0.key < $1.key }) {
            requests.append(Arena.Request(node: node, bytes: mapBytes(node), lives: lives))
        }
        for (time, group) in groups.enumerated() {
            requests.append(Arena.Request(node: nil, bytes: try step(group).scratchBytes, lives: time...time))
        }
        requests.append(Arena.Request(node: nil, bytes: upsampling().scratchBytes, lives: groups.count...groups.count))
        arena = try Arena(requests, nodes: packed.graph.nodes.count, isDry: isDry)
    }

    /// Plans a node again whose parameters or whose inputs' were replaced; it must be a step by itself. Returns the step's index.
    func renew(_ node: Int) throws(RuntimeError) -> Int {
        guard let index = steps.firstIndex(where: { $0.nodes == [node] }) else {
            throw .unsupported(node: packed.graph.nodes[node].name, reason: "it is no step by itself")
        }
        steps[index] = try step([node])
        return index
    }

    func mapBytes(_ node: Int) -> Int { shapes[node].pixels * pixelBytes(node) + Int(ESEG_SLACK) }

    func givesLogits(_ node: Int) -> Bool { node == shapes.count - 1 }

    func pixelBytes(_ node: Int) -> Int { packed.codeStride(node) * packed.codeBytes(node) }

    /// Codes from one pixel of a node's map to the next.
    func codeStride(_ node: Int) -> Int { packed.codeStride(slices[node]?.root ?? node) }

    /// Whether a node's map lies in that of another.
    func isSlice(_ node: Int) -> Bool { slices[node] != nil }

    /// Whether it lies in that of `whole`, from channel `first` on.
    func isSlice(_ node: Int, of whole: Int, at first: Int) -> Bool {
        guard let slice = slices[node] else { return false }
        let base = slices[whole] ?? MapSlice(root: whole, channel: 0)
        return slice.root == base.root && slice.channel == base.channel + first
    }

    private func address(of node: Int) -> UnsafeMutablePointer<UInt8>? {
        guard let slice = slices[node] else { return arena.map(of: node) }
        return arena.map(of: slice.root).map { $0 + slice.channel * packed.codeBytes(node) }
    }

    func inputs(of node: Int) -> [Int] { packed.graph.nodes[node].inputs }

    private func reads(_ group: [Int]) -> [Int] {
        let inside = Set(group)
        return group.flatMap { packed.graph.sources(of: $0, absorbed: absorbed) }.filter { !inside.contains($0) }
    }

    func map(_ node: Int) -> eseg_s8_map {
        let shape = shapes[node]
        return eseg_s8_map(
            data: node == 0 ? nil : address(of: node), height: Int32(shape.height), width: Int32(shape.width),
            channels: Int32(shape.channels), stride: codeStride(node) * packed.codeBytes(node))
    }

    // MARK: Steps

    private func step(_ group: [Int]) throws(RuntimeError) -> Step {
        let work: any StepWork
        if group.count == 1 {
            work = try packed.layers[group[0]].work(of: group[0], in: self)
        } else if let chain = chain(group) {
            work = chain
        } else {
            work = try block(group)
        }
        return Step(work: work, nodes: group, reads: reads(group), scratchBytes: work.scratchBytes(threads: Int32(threads)))
    }

    private func block(_ group: [Int]) throws(RuntimeError) -> any StepWork {
        var block = eseg_s8_block_op()
        let first = packed.graph.nodes[group[0]], last = group[group.count - 1]
        block.in = map(first.inputs[0])
        block.padding = packed.padding[first.inputs[0]]
        block.out = map(last)
        if packed.graph.nodes[last].inputs.count > 1 { block.residual = map(packed.graph.nodes[last].inputs[1]) }
        block.front = ESEG_S8_FRONT_COPY
        let depthwiseInput = group.count > 1 && packed.layers[group[1]] is eseg_s8_depthwise_layer ? group[0] : first.inputs[0]
        block.front_height = Int32(shapes[depthwiseInput].height)
        block.front_width = Int32(shapes[depthwiseInput].width)
        for node in group {
            let layer = packed.layers[node]
            if let convolution = layer as? eseg_s8_conv_layer, node == last {
                block.project = convolution
            } else if let convolution = layer as? eseg_s8_conv_layer {
                block.conv = convolution
                block.front = group.count == 2 ? ESEG_S8_FRONT_DENSE : ESEG_S8_FRONT_EXPAND
            } else if let depthwise = layer as? eseg_s8_depthwise_layer {
                block.depthwise = depthwise
            } else if let gate = layer as? eseg_gate_layer {
                block.gate = gate
                block.gated = 1
            } else if let parameters = layer as? PackedSum {
                block.fusion = try sum(node, parameters)
                block.front = ESEG_S8_FRONT_FUSION
            } else {
                throw .unsupported(node: packed.graph.nodes[node].name, reason: "not part of a block")
            }
        }
        return BlockStep(block: block)
    }

    private func upsampling() -> Step {
        let node = shapes.count - 1, shape = shapes[node]
        let op = eseg_s8_argmax_op(
            logits: logits, source_height: Int32(shape.height), source_width: Int32(shape.width), stride: pixelBytes(node),
            classes: Int32(shape.channels), align_corners: packed.upsampling == .alignCorners ? 1 : 0, height: Int32(height),
            width: Int32(width), out: nil, doubt: nil, doubt_scales: packed.doubtScales, margins: nil,
            seconds: nil)
        let work = UpsampleStep(op: op)
        return Step(work: work, nodes: [], reads: [node], scratchBytes: work.scratchBytes(threads: Int32(threads)))
    }

    func set<Tuple, Element>(_ tuple: inout Tuple, _ index: Int, _ value: Element) {
        withUnsafeMutableBytes(of: &tuple) {
            $0.storeBytes(of: value, toByteOffset: index * MemoryLayout<Element>.stride, as: Element.self)
        }
    }
}
