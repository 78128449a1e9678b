import Texts

/// The report's histograms of the noisiest layers, each with the range that its codes cover.
struct RangesSection {
    private let shown: [(layer: Comparison.Layer, distribution: LayerDistribution)]

    private static let most = 12

    init(_ network: ReportedNetwork, noisiestFirst layers: [Comparison.Layer]) {
        let nodes = Dictionary(network.layers.map { ($0.name, $0.node) }) { first, _ in first }
        let known = layers.filter { !$0.sqnrDb.isNaN }.compactMap { layer in
            nodes[layer.name].flatMap { network.distributions?[$0] }.map { (layer: layer, distribution: $0) }
        }
        shown = Array(known.prefix(RangesSection.most))
    }

    var html: HTML {
        guard !shown.isEmpty else { return "" }
        return """
            <section class="wide" id="ranges">
            <h2>Values and chosen ranges</h2>
            <p class="note">Float's values at the \(shown.count) noisiest layers, on the frames whose layers were compared and scaled as \
            the int8 network scales them; bars grow with the logarithm of their count. The band is the range that the codes cover, what lies \
            beyond it by more than half a step is clipped.</p>
            <div class="ranges">
            \(shown.map { card($0.layer, $0.distribution) })</div>
            </section>
            """
    }

    private func card(_ layer: Comparison.Layer, _ distribution: LayerDistribution) -> HTML {
        let plot = HistogramPlot(distribution)
        let range = distribution.range
        let clipped: HTML =
            distribution.clippedBelow + distribution.clippedAbove == 0
            ? "nothing clipped"
            : """
            <b class="worse">\(distribution.percentBelow.shareText) % clipped below, \(distribution.percentAbove.shareText) % above</b>
            """
        return """
            <figure class="range"><h3><code>\(layer.name)</code> <span>\(layer.decibelText)</span></h3>
            \(plot.svg)
            <figcaption><span class="ends"><span>\(plot.axis.lowerBound.text(figures: 3))</span>\
            <span>\(plot.axis.upperBound.text(figures: 3))</span></span>
            \(distribution.codes.precision.rawValue) from \(range.lowerBound.text(figures: 3)) to \(range.upperBound.text(figures: 3)), \
            step \(Double(distribution.codes.scale).text(figures: 3)); \(clipped)</figcaption></figure>

            """
    }
}

extension Double {
    /// A share in percent: three decimals, and never 0.000 where it is not 0.
    fileprivate var shareText: String { self > 0 && self < 0.0005 ? "<0.001" : text(decimals: 3) }
}
