import ESegNetwork
import Glibc
import Kernels

/// Runs an int8 network one node at a time, on maps that the caller keeps, while the parameters of its later nodes are still open.
public final class NodeRunner {
    private let session: Session

    /// - Parameter network: complete, with parameters that `replace` may overrule.
    /// - Throws: as `Model` and `Session`.
    public init(_ network: QuantizedNetwork, height: Int, width: Int, isa: ISA = .best, threads: Int) throws {
        session = try Session(Model(network, isa: isa), height: height, width: width, threads: threads, granularity: .nodes)
    }

    /// Size of a node's output.
    public func shape(of node: Int) -> Shape { session.plan.shapes[node] }

    /// Bytes of a node's map.
    public func mapBytes(of node: Int) -> Int { session.plan.mapBytes(node) }

    /// Gives a node other parameters. Nodes that read it must be replaced before they run again.
    public func replace(_ node: Int, by layer: QuantizedLayer, output: Quantization) throws {
        try session.plan.packed.replace(node, by: layer, output: output)
    }

    /// Whether sums do the node while they read: it has no map, and is not run.
    public func isAbsorbed(_ node: Int) -> Bool { session.plan.absorbed[node] }

    /// Computes a node's map from the maps that it reads, which are copied from where `map` says; the image's from the image.
    public func run(_ node: Int, image: RGBImage, map: (_ input: Int) -> [UInt8]) throws -> [UInt8] {
        let plan = session.plan
        for input in plan.packed.graph.sources(of: node, absorbed: plan.absorbed) where input > 0 { load(map(input), of: input) }
        session.run(stepAt: try plan.renew(node), image: image)
        return [UInt8](unsafeUninitializedCapacity: plan.mapBytes(node)) { bytes, count in
            guard let source = plan.map(node).data, let target = bytes.baseAddress else { return }
            count = plan.mapBytes(node)
            memcpy(target, source, count)
        }
    }

    private func load(_ codes: [UInt8], of node: Int) {
        guard let target = session.plan.map(node).data else { return }
        codes.withUnsafeBytes { source in
            guard let start = source.baseAddress else { return }
            memcpy(target, start, min(source.count, session.plan.mapBytes(node)))
        }
    }

    /// Calls `body` with the first input of a convolution or depthwise convolution, as its kernel slides over it.
    public func withWindow(
        of node: Int, image: RGBImage, map: (_ input: Int) -> [UInt8], _ body: (inout eseg_fit_window) -> Void
    ) {
        let plan = session.plan, packed = plan.packed, input = packed.graph.nodes[node].inputs[0]
        guard let window = packed.graph.nodes[node].operation.window else { return }
        let shape = plan.shapes[input], output = packed.outputs[input]
        (input == 0 ? image.pixels : map(input)).withUnsafeBytes { codes in
            var description = eseg_fit_window(
                codes: codes.baseAddress, code_bytes: Int32(packed.codeBytes(input)), padding: input == 0 ? packed.padding[0] : nil,
                height: Int32(shape.height), width: Int32(shape.width), channels: Int32(shape.channels),
                pixel_bytes: Int32(plan.map(input).stride), zero_point: input == 0 ? 0 : Int32(output.zeroPoint), first_channel: 0,
                window: window.forKernels, output_width: Int32(plan.shapes[node].width))
            body(&description)
        }
    }

    /// The real values of a node's map, [height][width][channels].
    public func values(of node: Int, map codes: [UInt8]) -> [Float] { codes.withUnsafeBytes { session.plan.values(of: node, map: $0) } }
}
