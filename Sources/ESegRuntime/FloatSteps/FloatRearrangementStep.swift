import ESegNetwork
import Kernels

/// Values of a map put into other places.
struct FloatRearrangementStep: FloatStep {
    let rearrangement: Rearrangement
    let channels: (input: Int, output: Int)
    let input: Input
    let output: Output

    func run(_ call: FloatCall) {
        rearrangement.run(input, output, elementBytes: MemoryLayout<Float>.stride, strides: channels, threads: call.threads)
    }
}
