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
}
