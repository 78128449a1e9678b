import ESegNetwork

extension FuzzTarget {
    /// A random graph, quantized: a network that a file can hold, with the same bytes on every instruction set.
    static let graph = FuzzTarget("graph") {
        GraphRecipe.samples
    } run: { bytes in
        var recipe = GraphRecipe(bytes)
        guard let network = try? recipe.network() else { return }
        try network.compareKernels(recipe.choices)
    }
}
