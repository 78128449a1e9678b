import ESegNetwork
import Kernels

/// Maps side by side: each is copied into its slice of the output's pixels.
struct FloatConcatStep: FloatStep {
    private let channels: [Int]
    private let shape: Shape
    private let inputs: [Input]
    private let output: Output

    init(_ concat: Concat, shape: Shape, inputs: [Input], output: Output) {
        channels = concat.inputChannels
        self.shape = shape
        self.inputs = inputs
        self.output = output
    }

    func run(_ call: FloatCall) {
        let bytes = MemoryLayout<Float>.stride
        var slice = output
        for (input, count) in zip(inputs, channels) {
            var copy = eseg_concat_slice(
                in: input, in_stride: count * bytes, out: slice, out_stride: shape.channels * bytes, bytes: count * bytes,
                pixels: shape.pixels)
            eseg_concat_copy(&copy, call.threads)
            slice += count
        }
    }
}
