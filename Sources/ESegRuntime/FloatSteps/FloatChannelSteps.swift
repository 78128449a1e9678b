import ESegNetwork
import Kernels

/// A softmax over channels.
struct FloatSoftmaxStep: FloatStep {
    let shape: eseg_f32_shape
    let input: Input
    let output: Output

    func run(_ call: FloatCall) { eseg_f32_softmax_run(shape, input, output, call.threads) }
}

/// The greatest channel of each pixel.
struct FloatChannelMaximumStep: FloatStep {
    let shape: Shape
    let input: Input
    let output: Output

    func run(_ call: FloatCall) {
        var operation = eseg_channel_max_op(
            element: ESEG_ELEMENT_F32, in: input, out: output, pixels: shape.pixels, channels: Int32(shape.channels),
            in_stride: shape.channels, out_stride: 1)
        eseg_channel_max_run(&operation, call.threads)
    }
}
