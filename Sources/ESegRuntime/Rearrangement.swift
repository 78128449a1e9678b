import ESegNetwork
import Kernels

/// Elements of a map put into other places, for maps of any type.
struct Rearrangement {
    private enum Kind {
        case selection(count: Int, channels: UnsafePointer<Int32>)
        case space(block: Int)
    }

    private let kind: Kind
    private let input: Shape
    private let output: Shape

    init(_ selection: ChannelSelection, from input: Shape, to output: Shape, _ pool: MemoryPool) throws(RuntimeError) {
        let channels = UnsafePointer(try pool.copy(selection.selected.map(Int32.init), padded: 0))
        (kind, self.input, self.output) = (.selection(count: selection.selected.count, channels: channels), input, output)
    }

    init(_ space: DepthToSpace, from input: Shape, to output: Shape) {
        (kind, self.input, self.output) = (.space(block: space.block), input, output)
    }

    /// - Parameters:
    ///   - elementBytes: of each element, 1, 2 or 4.
    ///   - strides: elements between pixels of the input and of the output.
    func run(
        _ source: UnsafeRawPointer, _ target: UnsafeMutableRawPointer, elementBytes: Int, strides: (input: Int, output: Int), threads: Int32
    ) {
        switch kind {
        case .selection(let count, let channels):
            var op = eseg_select_op(
                in: source, out: target, element_bytes: Int32(elementBytes), pixels: output.pixels, in_stride: strides.input,
                out_stride: strides.output, count: Int32(count), channels: channels)
            eseg_select_run(&op, threads)
        case .space(let block):
            var op = eseg_depth_to_space_op(
                in: source, out: target, element_bytes: Int32(elementBytes), height: Int32(input.height), width: Int32(input.width),
                block: Int32(block), channels: Int32(output.channels), in_stride: strides.input, out_stride: strides.output)
            eseg_depth_to_space_run(&op, threads)
        }
    }
}
