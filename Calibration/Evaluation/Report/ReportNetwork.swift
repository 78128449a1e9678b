import ESegNetwork
import Texts

#if canImport(Glibc)
    import Glibc
#endif

/// The report's picture of the network: a cell for each node in its resolution's row, colored by SQNR.
struct NetworkSection {
    private let layers: [ReportedLayer]
    /// SQNR by node name; nothing for what was not measured.
    private let decibels: [String: Double]
    private let layout: NetworkLayout
    private let imageSize: MapSize

    init(_ network: ReportedNetwork, layers: [Comparison.Layer]) {
        self.layers = network.layers
        decibels = Dictionary(layers.map { ($0.name, $0.sqnrDb) }) { first, _ in first }
        layout = NetworkLayout(network.layers)
        imageSize = network.imageSize
    }

    var html: HTML {
        guard !decibels.isEmpty, !layers.isEmpty else { return "" }
        return """
            <section class="wide" id="network">
            <h2>Where the noise enters</h2>
            <p class="note">Each cell is an operation's output and its SQNR in dB, in the network's order from left to right; rows are \
            the resolutions of outputs for images of \(imageSize.description). Point at a cell for its name.\(loudest)</p>
            <div class="scroll"><svg class="network" viewBox="0 0 \(layout.width) \(layout.height)" role="img" \
            aria-label="SQNR of every operation by resolution">
            \(layout.columns.map(head))\(layout.rows.map(row))\(layout.cells.map(cell))</svg></div>
            <p class="legend">\(legend)</p>
            </section>
            """
    }

    private func head(_ column: NetworkLayout.Column) -> HTML {
        "<text class=\"part\" x=\"\(column.x)\" y=\"14\">\(column.stage)</text>\n"
    }

    private func row(_ row: NetworkLayout.Row) -> HTML {
        """
        <line x1="0" x2="\(layout.width)" y1="\(row.y - 3)" y2="\(row.y - 3)"/>\
        <text class="level" x="0" y="\(row.y + 18)">\(row.resolution.description)</text>

        """
    }

    private func cell(_ cell: NetworkLayout.Cell) -> HTML {
        let (layer, value) = (cell.layer, decibels[cell.layer.name])
        let (width, height) = (NetworkLayout.pitch.x - 2, NetworkLayout.pitch.y - 2)
        let mark: HTML = layer.output == .int16 ? "<path class=\"int16\" d=\"M\(width - 9) 0h9v9z\"/>" : ""
        return """
            <g class="\(NoiseStep.of(value)?.style ?? "unmeasured")" transform="translate(\(cell.x) \(cell.y))">\
            <title>\(title(layer))</title>\
            <rect width="\(width)" height="\(height)" rx="4"/><text x="\(width / 2)" y="14">\(value?.cellText ?? "–")</text>\
            <text class="kind" x="\(width / 2)" y="25">\(layer.operation.label)</text>\(mark)</g>

            """
    }

    /// Lines of a tooltip.
    private func title(_ layer: ReportedLayer) -> String {
        var lines = [layer.name, layer.operation.summary]
        lines.append(decibels[layer.name].map { $0 == .infinity ? "exact" : "\($0.text(decimals: 1)) dB" } ?? "not measured")
        if let added = addedNoise(layer), added > 0 { lines.append("adds noise of \(added.percentText) % of its power") }
        lines.append("\(layer.output.rawValue) output" + (layer.hasInt16Weights ? ", int16 weights" : ""))
        return lines.joined(separator: "\n")
    }

    /// A layer's noise beyond that of its noisiest input, as shares of their signals' power; nil if it was not measured.
    private func addedNoise(_ layer: ReportedLayer) -> Double? {
        guard let own = noise(layer) else { return nil }
        return own - (layer.inputs.compactMap { input in layers.first { $0.node == input }.flatMap(noise) }.max() ?? 0)
    }

    /// Noise as a share of the signal's power.
    private func noise(_ layer: ReportedLayer) -> Double? {
        guard let value = decibels[layer.name], !value.isNaN else { return nil }
        return pow(10, -value / 10)
    }

    private var loudest: HTML {
        let sources = layers.compactMap { layer in addedNoise(layer).map { (name: layer.name, noise: $0) } }
            .filter { $0.noise > 0 }.sorted { ($1.noise, $0.name) < ($0.noise, $1.name) }
        guard !sources.isEmpty else { return "" }
        let named = sources.prefix(3).enumerated().map { index, source in
            "\(index == 0 ? " " : ", ")<code>\(source.name)</code> (\(source.noise.percentText) % of its power)" as HTML
        }
        return " Most noise enters at\(named)."
    }

    private var legend: [HTML] {
        let steps = NoiseStep.all.map { "<span><i class=\"swatch \($0.style)\"></i>\($0.meaning)</span>\n" as HTML }
        guard layers.contains(where: { $0.output == .int16 }) else { return steps }
        return steps + ["<span><svg class=\"key16\" viewBox=\"0 0 9 9\"><path class=\"int16\" d=\"M0 0h9v9z\"/></svg>int16 output</span>\n"]
    }
}

extension Double {
    fileprivate var percentText: String { (100 * self).text(figures: 2) }
    fileprivate var cellText: String { self == .infinity ? "∞" : text(decimals: 0) }
}
