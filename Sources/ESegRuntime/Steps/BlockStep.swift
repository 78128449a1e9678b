import Kernels

/// A block in one pass over rows: what fills the rows of its expanded map, and the 1×1 convolution that reads them.
struct BlockStep: StepWork {
    var block: eseg_block

    func scratchBytes(threads: Int32) -> Int {
        var block = block
        return eseg_block_scratch(&block, threads)
    }

    func run(_ call: StepCall) {
        var block = block
        if block.front != ESEG_FRONT_FUSE { block.in = call.input(block.in) }
        eseg_run_block(call.kernels, &block, call.threads, call.scratch)
    }
}
