import ESegNetwork

extension FuzzTarget {
    /// A random graph, quantized: a network that a file can hold, with the same bytes on every instruction set.
    static let graph = FuzzTarget("graph") {
        GraphRecipe.samples
    } run: { bytes in
        var recipe = GraphRecipe(bytes)
        let network: QuantizedNetwork
        do { network = try recipe.network() } catch { return "\(error)" }
        return try network.compareKernels(recipe.choices)
    }
}
