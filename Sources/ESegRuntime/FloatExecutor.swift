import ESegNetwork
import Kernels

/// Runs a float network on images of one size: calibration's instrument, and the baseline that int8 is compared with.
///
/// Results agree with PyTorch's within a small tolerance, and do not depend on the count of threads; instruction sets differ in last bits.
public final class FloatExecutor {
    /// Called with a node's index, its output in NHWC and the output's shape; the values are valid only during the call.
    ///
    /// Resizes and max-pools that sums do while they read have no output to see.
    public typealias Observer = (Int, UnsafeBufferPointer<Float>, Shape) throws -> Void

    /// The shape of each node's output.
    public var shapes: [Shape] { plan.shapes }
    /// Milliseconds that each node took in the last run; the last of them is the upsampling and argmax.
    public private(set) var timings: [Double]
    /// Bytes of packed weights, tensors and working memory.
    public var peakBytes: Int { plan.bytes }

    private let plan: FloatPlan
    private let kernels: UnsafePointer<eseg_kernels>
    private let threads: Int32
    private let scratch: UnsafeMutablePointer<Float>
    private let argmax: eseg_f32_argmax_op

    /// Packs the weights and plans the memory for images of that size.
    ///
    /// - Parameter keepsAll: keeps the output of every node that has one, so that `run` can start in the middle.
    /// - Throws: `NetworkError` if the network or the size is not valid, `RuntimeError` for a bad count of threads or too little memory.
    public init(_ network: FloatNetwork, height: Int, width: Int, isa: ISA = .best, threads: Int, keepsAll: Bool = false) throws {
        guard (1...Session.maximumThreads).contains(threads) else { throw RuntimeError.threads(found: threads) }
        let plan = try FloatPlan(network, height: height, width: width, keepsAll: keepsAll)
        var argmax = eseg_f32_argmax_op(
            logits: plan.shapes[plan.shapes.count - 1].forKernels, height: Int32(height), width: Int32(width),
            align_corners: network.description.upsampling == .alignCorners ? 1 : 0)
        let working = plan.steps.map { $0.scratch(threads: threads) }.max() ?? 0
        self.plan = plan
        self.argmax = argmax
        self.threads = Int32(threads)
        kernels = eseg_kernels_for(isa.value)
        scratch = try plan.pool.allocate(Float.self, count: max(working, eseg_f32_argmax_scratch_floats(&argmax) * threads))
        timings = [Double](repeating: 0, count: plan.steps.count + 1)
    }

    /// Segments an image of the planned size. `observe` sees the output of each node as soon as it is computed.
    ///
    /// - Throws: `RuntimeError.imageSize`, and what `observe` throws.
    public func run(_ image: RGBImage, observe: Observer? = nil) throws -> FloatResult {
        guard image.height == argmax.height, image.width == argmax.width else {
            throw RuntimeError.imageSize(found: "\(image.width)x\(image.height)", expected: "\(argmax.width)x\(argmax.height)")
        }
        for index in plan.steps.indices {
            timings[index] = milliseconds { run(plan.steps[index], image) }
            if plan.outputs[index] != nil { try observe?(index, output(of: index), shapes[index]) }
        }
        return result()
    }

    /// The same from node `first` on: what comes before is as earlier runs, or the caller, left it. Only where all outputs are kept.
    ///
    /// - Throws: `RuntimeError.imageSize`.
    public func run(_ image: RGBImage, from first: Int) throws -> FloatResult {
        try compute(first..<plan.steps.count, image)
        return result()
    }

    /// Computes some nodes, and nothing after them.
    ///
    /// - Throws: `RuntimeError.imageSize`.
    public func compute(_ nodes: Range<Int>, _ image: RGBImage) throws {
        guard image.height == argmax.height, image.width == argmax.width else {
            throw RuntimeError.imageSize(found: "\(image.width)x\(image.height)", expected: "\(argmax.width)x\(argmax.height)")
        }
        for index in nodes.clamped(to: plan.steps.indices) { run(plan.steps[index], image) }
    }

    /// A node's output, which the caller may change before others read it; empty where it has none.
    public func mutableOutput(of node: Int) -> UnsafeMutableBufferPointer<Float> {
        UnsafeMutableBufferPointer(start: plan.outputs[node], count: plan.outputs[node] == nil ? 0 : shapes[node].count)
    }

    private func run(_ step: any FloatStep, _ image: RGBImage) {
        image.pixels.withUnsafeBufferPointer { pixels in
            guard let pixels = pixels.baseAddress else { return }
            step.run(FloatCall(kernels: kernels, pixels: pixels, scratch: scratch, threads: threads))
        }
    }

    private func output(of index: Int) -> UnsafeBufferPointer<Float> {
        UnsafeBufferPointer(mutableOutput(of: index))
    }

    private func result() -> FloatResult {
        let last = plan.steps.count - 1
        let (height, width) = (Int(argmax.height), Int(argmax.width))
        var operation = argmax
        let classes = [UInt8](unsafeUninitializedCapacity: height * width) { classes, count in
            guard let classes = classes.baseAddress else { return }
            timings[last + 1] = milliseconds {
                eseg_f32_argmax_run(kernels, &operation, output(of: last).baseAddress, classes, scratch, threads)
            }
            count = height * width
        }
        return FloatResult(
            logits: Array(output(of: last)), shape: shapes[last], classes: ClassMap(width: width, height: height, classes: classes))
    }
}

/// What a float network says about an image.
public struct FloatResult: Sendable, Equatable {
    /// NHWC.
    public var logits: [Float]
    /// The logits' shape.
    public var shape: Shape
    /// The class of the largest logit after bilinear upsampling to the image's size.
    public var classes: ClassMap
}

private func milliseconds(_ body: () -> Void) -> Double {
    let taken = ContinuousClock().measure(body).components
    return Double(taken.seconds) * 1e3 + Double(taken.attoseconds) * 1e-15
}
