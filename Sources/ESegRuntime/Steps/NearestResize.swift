import ESegNetwork
import Kernels

/// A nearest-neighbor resize as a step of its own, for maps of any type.
struct NearestResize {
    private let rows: UnsafePointer<Int32>
    private let columns: UnsafePointer<Int32>
    private let inputWidth: Int
    private let output: Shape
    var channels: Int { output.channels }

    /// - Parameters:
    ///   - node: the index of a `Resize`.
    ///   - shapes: of each node's output.
    ///   - pool: keeps the tables.
    init(_ node: Int, in graph: Graph, _ shapes: [Shape], _ pool: MemoryPool) throws(RuntimeError) {
        let inputs = graph.nodes[node].inputs.map { shapes[$0] }
        let steps = inputs.count > 1 ? inputs : inputs + [shapes[node]]
        let source = NearestSource(through: steps)
        rows = UnsafePointer(try pool.copy(source.rows.map(Int32.init), padded: 0))
        columns = UnsafePointer(try pool.copy(source.columns.map(Int32.init), padded: 0))
        inputWidth = steps[0].width
        // What the last says is the size alone: it may have other channels.
        output = shapes[node]
    }

    /// - Parameter pixelBytes: from one pixel to the next, in both maps.
    func run(_ input: UnsafeRawPointer, _ output: UnsafeMutableRawPointer, pixelBytes: Int, threads: Int32) {
        var operation = eseg_resize_op(
            in: input, out: output, in_width: Int32(inputWidth), height: Int32(self.output.height), width: Int32(self.output.width),
            pixel_bytes: pixelBytes, rows: rows, columns: columns)
        eseg_resize_run(&operation, threads)
    }
}
