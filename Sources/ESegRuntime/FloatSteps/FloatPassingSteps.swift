import ESegNetwork
import Kernels

/// A max-pool by itself.
struct FloatPoolStep: FloatStep {
    let shape: eseg_f32_shape
    let input: Input
    let output: Output

    func run(_ call: FloatCall) { eseg_f32_pool_run(call.kernels, shape, input, output, call.threads) }
}

/// A nearest-neighbor resize by itself.
struct FloatResizeStep: FloatStep {
    let resize: NearestResize
    let input: Input
    let output: Output

    func run(_ call: FloatCall) {
        resize.run(input, output, pixelBytes: resize.channels * MemoryLayout<Float>.stride, threads: call.threads)
    }
}

/// A max-pool of any window.
struct FloatWindowPoolStep: FloatStep {
    private let operation: eseg_max_pool_op

    init(_ window: Window, from: Shape, to: Shape, input: Input, output: Output) {
        operation = eseg_max_pool_op(
            element: ESEG_ELEMENT_F32, window: window.forKernels, in: input, out: output, in_height: Int32(from.height),
            in_width: Int32(from.width), height: Int32(to.height), width: Int32(to.width), stride: Int32(to.channels))
    }

    func scratch(threads: Int) -> Int {
        var operation = operation
        return eseg_max_pool_scratch_bytes(&operation, Int32(threads)) / MemoryLayout<Float>.stride
    }

    func run(_ call: FloatCall) {
        var operation = operation
        eseg_max_pool_run(&operation, call.threads, call.scratch)
    }
}

/// A mean under a window or in a grid's cell.
struct FloatWindowMeanStep: FloatStep {
    private let operation: eseg_f32_mean_op
    private let input: Input
    private let output: Output

    init(_ pool: AveragePool, from: Shape, to: Shape, input: Input, output: Output) {
        operation = eseg_f32_mean_op(
            window: pool.slides.forKernels, counts_padding: pool.countsPadding ? 1 : 0, grid: 0, input: from.forKernels,
            output: to.forKernels)
        self.input = input
        self.output = output
    }

    /// The mean in each cell of a grid as large as the output.
    init(gridFrom from: Shape, to: Shape, input: Input, output: Output) {
        operation = eseg_f32_mean_op(
            window: eseg_window(), counts_padding: 0, grid: 1, input: from.forKernels, output: to.forKernels)
        self.input = input
        self.output = output
    }

    func run(_ call: FloatCall) {
        var operation = operation
        eseg_f32_window_mean_run(&operation, input, output, call.threads)
    }
}
