import Kernels

/// A max-pool by itself.
struct PoolStep: StepWork {
    let input: eseg_s8_map
    let output: eseg_s8_map

    func run(_ call: StepCall) {
        var input = call.input(input), output = output
        eseg_s8_pool_run(call.kernels, &input, &output, call.threads)
    }
}

/// A nearest-neighbor resize by itself, of codes of any type.
struct ResizeStep: StepWork {
    let resize: NearestResize
    let input: UnsafeRawPointer?
    let output: UnsafeMutableRawPointer?
    /// From one pixel to the next, in both maps.
    let pixelBytes: Int

    func run(_ call: StepCall) {
        guard let output else { return }
        resize.run(input ?? UnsafeRawPointer(call.pixels), output, pixelBytes: pixelBytes, threads: call.threads)
    }
}
