import Kernels

/// A dense convolution by itself.
struct ConvolutionStep: StepWork {
    var op: eseg_s8_conv_op

    func scratchBytes(threads: Int32) -> Int {
        var op = op
        return eseg_s8_conv_scratch_bytes(&op, threads)
    }

    func run(_ call: StepCall) {
        var op = op
        op.in = call.input(op.in)
        eseg_s8_conv_run(call.kernels, &op, call.threads, call.scratch)
    }
}

/// A depthwise convolution by itself.
struct DepthwiseStep: StepWork {
    let op: eseg_s8_depthwise_op

    func scratchBytes(threads: Int32) -> Int {
        var op = op
        return eseg_s8_depthwise_scratch_bytes(&op, threads)
    }

    func run(_ call: StepCall) {
        var op = op
        op.in = call.input(op.in)
        eseg_s8_depthwise_run(call.kernels, &op, call.threads, call.scratch)
    }
}

extension eseg_s8_conv_layer: PackedLayer {
    func work(of node: Int, in plan: Plan) throws(RuntimeError) -> any StepWork {
        let inputs = plan.inputs(of: node)
        return ConvolutionStep(
            op: eseg_s8_conv_op(
                layer: self, window: plan.window(of: node), in: plan.map(inputs[0]), padding: plan.packed.padding[inputs[0]],
                residual: inputs.count > 1 ? plan.map(inputs[1]) : eseg_s8_map(), out: plan.map(node),
                as_logits: plan.givesLogits(node) ? 1 : 0))
    }
}

extension Plan {
    /// The window of a convolution.
    fileprivate func window(of node: Int) -> eseg_window {
        packed.graph.nodes[node].operation.window?.forKernels ?? eseg_square_window(1, 1)
    }
}

extension eseg_s8_depthwise_layer: PackedLayer {
    func work(of node: Int, in plan: Plan) throws(RuntimeError) -> any StepWork {
        let window = plan.window(of: node)
        return DepthwiseStep(
            op: eseg_s8_depthwise_op(
                layer: self, row_dilation: window.rows.dilation, column_dilation: window.columns.dilation,
                in: plan.map(plan.inputs(of: node)[0]), out: plan.map(node)))
    }
}
