import Kernels

/// A block in one pass over rows: what fills the rows of its expanded map, and the 1×1 convolution that reads them.
struct BlockStep: StepWork {
    var block: eseg_s8_block_op

    func scratchBytes(threads: Int32) -> Int {
        var block = block
        return eseg_s8_block_scratch_bytes(&block, threads)
    }

    func run(_ call: StepCall) {
        var block = block
        if block.front != ESEG_S8_FRONT_FUSION { block.in = call.input(block.in) }
        eseg_s8_block_run(call.kernels, &block, call.threads, call.scratch)
    }
}
