import Kernels

/// Upsampling of the logits and the argmax: the last step of every plan.
struct UpsampleStep: StepWork {
    var op: eseg_s8_argmax_op

    func scratchBytes(threads: Int32) -> Int {
        var op = op
        return eseg_s8_argmax_scratch_bytes(&op, threads)
    }

    func run(_ call: StepCall) {
        guard let classes = call.classes else { return }
        var op = op
        op.out = classes
        op.doubt = call.doubt
        eseg_s8_argmax_run(call.kernels, &op, call.threads, call.scratch)
    }

    /// Each pixel's margin, in steps of the logits' scale, and second best class: what doubt comes from, for calibration.
    func margins(pixels: Int, threads: Int32, scratch: UnsafeMutablePointer<UInt8>?) -> (margins: [Float], seconds: [UInt8]) {
        var margins = [Int32](repeating: 0, count: pixels), seconds = [UInt8](repeating: 0, count: pixels), classes = seconds
        margins.withUnsafeMutableBufferPointer { margins in
            seconds.withUnsafeMutableBufferPointer { seconds in
                classes.withUnsafeMutableBufferPointer { classes in
                    var op = op
                    (op.out, op.margins, op.seconds) = (classes.baseAddress, margins.baseAddress, seconds.baseAddress)
                    eseg_s8_argmax_run(eseg_kernels_for(ESEG_ISA_SCALAR), &op, threads, scratch)
                }
            }
        }
        return (margins.map { Float($0) / Float(DoubtMap.one) }, seconds)
    }
}
