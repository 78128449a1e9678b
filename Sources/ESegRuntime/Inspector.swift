import ESegNetwork

/// Runs an int8 model node by node, without fusion, and keeps every node's output: the same bytes as `Session`, open to view.
public final class Inspector {
    private let session: Session

    /// - Throws: as `Session`'s initializer.
    public init(_ model: Model, height: Int, width: Int, threads: Int = 1) throws {
        session = try Session(model, height: height, width: width, threads: threads, granularity: .allNodes)
    }

    /// The class of each pixel; afterwards `values` shows what led there.
    /// - Throws: `RuntimeError.imageSize` if the image is not of the planned size.
    public func run(_ image: RGBImage) throws -> ClassMap { try session.segment(image) }

    /// Size of a node's output.
    public func shape(of node: Int) -> Shape { session.plan.shapes[node] }

    /// What a node's codes stand for in the float network, [height, width, channels]; empty for the image.
    public func values(of node: Int) -> [Float] {
        guard node > 0, let map = session.plan.map(node).data else { return [] }
        var values = session.plan.values(of: node, map: UnsafeRawBufferPointer(start: map, count: session.plan.mapBytes(node)))
        session.model.channelScalings[node].undo(&values)
        return values
    }
}

extension Plan {
    /// The real values that a node's codes stand for, [height, width, channels].
    func values(of node: Int, map: UnsafeRawBufferPointer) -> [Float] {
        let shape = shapes[node], stride = self.map(node).stride, quantization = packed.outputs[node]
        let table = (0..<256).map { quantization.scale * Float($0 - Int(quantization.zeroPoint)) }
        var values: [Float] = []
        values.reserveCapacity(shape.count)
        for pixel in 0..<shape.pixels {
            let codes = UnsafeRawBufferPointer(rebasing: map[pixel * stride..<(pixel + 1) * stride])
            switch quantization.precision {
            case .uint8: for channel in 0..<shape.channels { values.append(table[Int(codes[channel])]) }
            case .int16:
                for channel in 0..<shape.channels {
                    values.append(quantization.scale * Float(codes.loadUnaligned(fromByteOffset: 2 * channel, as: Int16.self)))
                }
            }
        }
        return values
    }
}
