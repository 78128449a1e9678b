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
