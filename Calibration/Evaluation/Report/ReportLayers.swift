import Texts

/// The report's layers, by depth as a curve and ranked as bars.
struct LayersSection {
    private let layers: [Comparison.Layer]
    private let ranked: [Comparison.Layer]
    /// The bars' full length.
    private let loudest: Double

    private static let shown = 15

    init(_ layers: [Comparison.Layer], noisiestFirst ranked: [Comparison.Layer]) {
        self.layers = layers
        self.ranked = ranked
        loudest = max(1, layers.map(\.sqnrDb).filter(\.isFinite).max() ?? 1)
    }

    var html: HTML {
        guard !layers.isEmpty else { return "" }
        return """
            <section class="wide" id="layers">
            <h2>Layers by SQNR</h2>
            <p class="note">Signal to quantization noise of each layer's int8 output against float's, everything before it in int8 too. \
            At 20 dB the noise has a hundredth of the signal's power.</p>
            \(curve)
            <div class="layers">
            \(ranked.prefix(LayersSection.shown).map(row))</div>
            \(others)
            </section>
            """
    }

    private var others: HTML {
        let rest = ranked.dropFirst(LayersSection.shown)
        guard !rest.isEmpty else { return "" }
        return """
            <details><summary>\(rest.count) more layers</summary>
            <div class="layers">
            \(rest.map(row))</div></details>
            """
    }

    private func row(_ layer: Comparison.Layer) -> HTML {
        let share = layer.sqnrDb.isNaN ? 0 : min(1, max(0, layer.sqnrDb / loudest))
        return """
            <div class="layer"><code>\(layer.name)</code>\
            <span class="track"><i class="bar" style="width:\((100 * share).text(decimals: 1))%"></i></span>\
            <b>\(layer.decibelText)</b></div>

            """
    }

    /// SQNR from the first layer to the last.
    private var curve: HTML {
        let finite = layers.enumerated().filter { $1.sqnrDb.isFinite }
        guard finite.count > 1 else { return "" }
        let (width, height) = (1000.0, 160.0)
        let top = (loudest / 10).rounded(.up) * 10
        let x = { (index: Int) in Double(index) * width / Double(layers.count - 1) }
        let y = { (decibels: Double) in height * (1 - min(1, max(0, decibels / top))) }
        let points = finite.map { "\(x($0).text(decimals: 1)),\(y($1.sqnrDb).text(decimals: 1))" }.joined(separator: " ")
        let grid: [HTML] = stride(from: 0, through: top, by: 10).map { level in
            "<line x1=\"0\" x2=\"1000\" y1=\"\(y(level).text(decimals: 1))\" y2=\"\(y(level).text(decimals: 1))\"/>"
        }
        return """
            <figure class="curve">
            <div><span>\(top.text(decimals: 0)) dB</span><span>0 dB</span></div>
            <svg viewBox="0 -2 1000 164" preserveAspectRatio="none" role="img" aria-label="SQNR from the first layer to the last">\
            <g class="grid">\(grid)</g><polyline points="\(points)"/></svg>
            <figcaption><span>first layer</span><span>logits</span></figcaption>
            </figure>
            """
    }
}

extension Comparison.Layer {
    var decibelText: String { sqnrDb == .infinity ? "exact" : sqnrDb.text(decimals: 1) + " dB" }
}
