import ESegNetwork
import Kernels

/// Values of a map put into other places.
struct FloatRearrangementStep: FloatStep {
    let rearrangement: Rearrangement
    let input: Input
    let output: Output

    func run(_ call: FloatCall) {
        rearrangement.run(call.kernels, input, output, threads: call.threads)
    }
}
