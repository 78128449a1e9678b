import ESegNetwork
import Quantization

extension FuzzTarget {
    /// A random graph, quantized: a network that a file can hold, with the same bytes on every instruction set.
    static let graph = FuzzTarget("graph") {
        GraphRecipe.samples
    } run: { bytes in
        var recipe = GraphRecipe(bytes)
        let network: QuantizedNetwork
        // As many bytes as there are name how ranges are found: most ways take far less time than the default.
        let ranges: [RangeMethod] = [.minMax, .percentile(99.99), .automatic, .minMax, .mse, .output, .minMax, .kl]
        do { network = try recipe.network(range: ranges[bytes.count % ranges.count]) } catch { return "\(error)" }
        return try network.compareKernels(recipe.choices)
    }
}
