/// A node's parameters as the kernels of an instruction set read them; they make the node's step.
protocol PackedLayer {
    /// The step that computes the node by itself.
    func work(of node: Int, in plan: Plan) throws(RuntimeError) -> any StepWork
}

/// The image, which no step computes.
struct PackedImage: PackedLayer {
    func work(of node: Int, in plan: Plan) throws(RuntimeError) -> any StepWork {
        throw .unsupported(node: plan.packed.graph.nodes[node].name, reason: "the image is computed by no step")
    }
}
