import ESegNetwork
import Kernels

/// Convolutions, dense or depthwise, in int16 arithmetic, each of which reads what the one before computes.
struct Int16ConvolutionStep: StepWork {
    let chain: eseg_s16_conv_chain

    func scratchBytes(threads: Int32) -> Int {
        var chain = chain
        return eseg_s16_conv_scratch_bytes(&chain, threads)
    }

    func run(_ call: StepCall) {
        var chain = chain
        chain.ops.0.in = call.input(chain.ops.0.in)
        eseg_s16_conv_run(call.kernels, &chain, call.threads, call.scratch)
    }
}

/// The parameters of such a convolution.
struct Int16Convolution: PackedLayer {
    let layer: eseg_s16_conv_layer
    let output: eseg_s16_output

    func work(of node: Int, in plan: Plan) throws(RuntimeError) -> any StepWork {
        plan.step(of: [operation(of: node, in: plan)])
    }

    fileprivate func operation(of node: Int, in plan: Plan) -> eseg_s16_conv_op {
        let inputs = plan.inputs(of: node)
        return eseg_s16_conv_op(
            layer: layer, in: plan.int16Map(inputs[0]), residual: inputs.count > 1 ? plan.int16Map(inputs[1]) : eseg_s16_map(),
            output: output, out: plan.int16Map(node))
    }
}

extension Plan {
    func int16Map(_ node: Int) -> eseg_s16_map {
        let shape = shapes[node], output = packed.outputs[node]
        return eseg_s16_map(
            data: map(node).data.map { UnsafeMutableRawPointer($0) }, bytes: output.precision == .int16 ? 2 : 1,
            height: Int32(shape.height), width: Int32(shape.width), channels: Int32(shape.channels), stride: codeStride(node),
            zero_point: Int32(output.zeroPoint))
    }

    /// Joins int16 convolutions with the only one that reads them where the map between would not stay in a CPU's own cache.
    func joiningConvolutions(_ groups: [[Int]]) -> [[Int]] {
        let readers = packed.graph.readers
        var joined: [[Int]] = [], places: [Int: Int] = [:]
        for group in groups {
            let node = group[0], input = inputs(of: node)[0]
            if group.count == 1, packed.layers[node] is Int16Convolution, readers[input] == [node], !isSlice(input),
                packed.codeBytes(input) == 2, mapBytes(input) >= Plan.cachedBytes, let place = places[input],
                joined[place].count < Int(ESEG_S16_CHAIN), joined[place].allSatisfy({ packed.layers[$0] is Int16Convolution })
            {
                joined.append(joined[place] + group)
                joined[place] = []
            } else {
                joined.append(group)
            }
            places[group[group.count - 1]] = joined.count - 1
        }
        return joined.filter { !$0.isEmpty }
    }

    /// Convolutions that were joined, in order; nil where the group is not of such.
    func chain(_ group: [Int]) -> (any StepWork)? {
        let operations = group.compactMap { node in (packed.layers[node] as? Int16Convolution)?.operation(of: node, in: self) }
        return operations.count == group.count ? step(of: operations) : nil
    }

    /// At most as many as a chain holds, in order.
    fileprivate func step(of convolutions: [eseg_s16_conv_op]) -> Int16ConvolutionStep {
        var chain = eseg_s16_conv_chain()
        chain.count = Int32(convolutions.count)
        for (index, convolution) in convolutions.enumerated() { set(&chain.ops, index, convolution) }
        return Int16ConvolutionStep(chain: chain)
    }
}
