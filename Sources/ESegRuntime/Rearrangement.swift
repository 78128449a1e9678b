import ESegNetwork
import Kernels

/// Elements of a map put into other places, for maps of any type.
struct Rearrangement {
    private enum Kind {
        case selection(SelectedChannels)
        case space(block: Int)
    }

    private let kind: Kind
    private let input: Shape
    private let output: Shape
    private let elements: Elements

    init(
        _ selection: ChannelSelection, from input: Shape, to output: Shape, elements: Elements, _ pool: MemoryPool
    ) throws(RuntimeError) {
        kind = .selection(try SelectedChannels(selection, elements, pool))
        (self.input, self.output, self.elements) = (input, output, elements)
    }

    init(_ space: DepthToSpace, from input: Shape, to output: Shape, elements: Elements) {
        (kind, self.input, self.output, self.elements) = (.space(block: space.block), input, output, elements)
    }

    func run(_ kernels: UnsafePointer<eseg_kernels>, _ source: UnsafeRawPointer, _ target: UnsafeMutableRawPointer, threads: Int32) {
        switch kind {
        case .selection(let selected):
            var op = eseg_select_op(
                in: source, out: target, element_bytes: Int32(elements.bytes), pixels: output.pixels, in_stride: elements.inputStride,
                out_stride: elements.outputStride, count: Int32(selected.channels.count), channels: selected.channels.baseAddress,
                pieces: selected.pieces.baseAddress, piece_count: Int32(selected.pieces.count))
            eseg_select_run(kernels, &op, threads)
        case .space(let block):
            var op = eseg_depth_to_space_op(
                in: source, out: target, element_bytes: Int32(elements.bytes), height: Int32(input.height), width: Int32(input.width),
                block: Int32(block), channels: Int32(output.channels), in_stride: elements.inputStride, out_stride: elements.outputStride)
            eseg_depth_to_space_run(&op, threads)
        }
    }
}

/// The elements of a map's pixels.
struct Elements {
    /// Of each: 1, 2 or 4.
    let bytes: Int
    /// Elements between pixels.
    let inputStride, outputStride: Int
}

/// Which channels are selected, and the pieces of vectors that their bytes come from.
private struct SelectedChannels {
    let channels: UnsafeBufferPointer<Int32>
    let pieces: UnsafeBufferPointer<eseg_shuffle_piece>

    /// With more pieces than this for each vector, elements are moved one by one.
    private static let mostPieces = 4

    init(_ selection: ChannelSelection, _ elements: Elements, _ pool: MemoryPool) throws(RuntimeError) {
        let count = selection.selected.count
        channels = UnsafeBufferPointer(start: try pool.copy(selection.selected.map(Int32.init), padded: 0), count: count)
        let most = (count * elements.bytes / Int(ESEG_SHUFFLE_BYTES) + 1) * Self.mostPieces
        let room = try pool.allocate(eseg_shuffle_piece.self, count: most)
        let taken = eseg_select_pieces(
            channels.baseAddress, Int32(count), Int32(elements.bytes), elements.inputStride * elements.bytes, room, Int32(most))
        pieces = UnsafeBufferPointer(start: room, count: Int(taken))
    }
}
