import Texts

/// The comparison as one HTML page that needs no other file.
public struct HTMLReport {
    private let comparison: Comparison
    private let context: ReportContext
    private let gallery: FrameGallery
    private let network: ReportedNetwork?

    /// - Parameter network: without it the page shows neither the network nor the ranges of its codes.
    public init(_ comparison: Comparison, context: ReportContext, gallery: FrameGallery, network: ReportedNetwork? = nil) {
        self.comparison = comparison
        self.context = context
        self.gallery = gallery
        self.network = network
    }

    /// The page in UTF-8. Throws what `pictures` throws.
    public func page(pictures: PictureEncoder) throws -> [UInt8] {
        let sections = try sections(pictures: pictures)
        let headline = Headline(comparison)
        let page: HTML = """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <title>\(headline.text) – \(context.int8Model)</title>
            <style>\(ReportStyle.css)</style>
            </head>
            <body>
            <header>
            <p class="models"><b>\(context.int8Model)</b> against <b>\(context.floatModel)</b> on <b>\(context.dataset)</b></p>
            <h1>\(headline.text)</h1>
            \(headline.tiles)
            <nav>\(sections.compactMap(\.link))</nav>
            </header>
            <main>
            \(sections.map(\.html))\
            </main>
            <footer>\(context.settings.map { "<span>\($0.name) <b>\($0.value)</b></span>" as HTML })</footer>
            <script>\(ReportStyle.script)</script>
            </body>
            </html>

            """
        return Array(page.markup.utf8)
    }

    /// A section, empty where the comparison has nothing for it.
    private struct Section {
        /// What the page's head calls it, and the fragment that leads there.
        var name: String?
        var id = ""
        var html: HTML

        var link: HTML? {
            guard let name, html != "" else { return nil }
            return "<a href=\"#\(id)\">\(name)</a>"
        }
    }

    private func sections(pictures: PictureEncoder) throws -> [Section] {
        let exhibits = gallery.exhibits, noisiestFirst = comparison.layersByNoise
        let frames = FramesSection(exhibits: exhibits, comparison: comparison, context: context)
        let before = BeforeSection(comparison, name: context.int8Model, techniques: network?.techniques ?? "")
        return [
            Section(html: SummarySection(comparison).html),
            Section(html: ClassesSection(comparison, colors: context.colors).html),
            Section(name: "Before and after", id: "before", html: before.html),
            Section(name: "Network", id: "network", html: network.map { NetworkSection($0, layers: comparison.layers).html } ?? ""),
            Section(name: "Flips", id: "flips", html: FlipsSection(comparison.frames, pictured: Set(exhibits.map(\.compared.index))).html),
            Section(name: "Frames", id: "frames", html: try frames.html(pictures: pictures)),
            Section(name: "Layers", id: "layers", html: LayersSection(comparison.layers, noisiestFirst: noisiestFirst).html),
            Section(name: "Ranges", id: "ranges", html: network.map { RangesSection($0, noisiestFirst: noisiestFirst).html } ?? ""),
        ]
    }
}

/// The page's first sentence and the figures beneath it.
struct Headline {
    let text: String
    let tiles: HTML

    init(_ comparison: Comparison) {
        text = Headline.sentence(comparison)
        let speed = comparison.float.medianMs / comparison.int8.medianMs
        let memory = 100 * Double(comparison.int8.peakBytes) / Double(comparison.float.peakBytes)
        let tiles: [HTML] = [
            Headline.tile("\(comparison.argmaxAgreement.text(decimals: 2)) %", "of pixels keep their class"),
            Headline.tile("\(speed.text(decimals: 1))×", "float's speed, \(comparison.int8.medianMs.text(decimals: 1)) ms a frame"),
            Headline.tile(
                "\(memory.text(decimals: 0)) %", "of float's memory, \((Double(comparison.int8.peakBytes) / 1e6).text(decimals: 1)) MB"),
            Headline.tile("\(comparison.frames.count)", comparison.frames.count == 1 ? "frame compared" : "frames compared"),
        ]
        self.tiles = "<div class=\"tiles\">\(tiles)</div>"
    }

    private static func sentence(_ comparison: Comparison) -> String {
        guard let float = comparison.float.mIoU, let int8 = comparison.int8.mIoU else {
            return "int8 keeps the class of \(comparison.argmaxAgreement.text(decimals: 2)) % of pixels"
        }
        let cost = (float - int8).text(decimals: 2)
        if cost == "0.00" { return "int8 costs nothing: its mIoU is float's" }
        return float > int8
            ? "int8 costs \(cost) points of mIoU"
            : "int8 costs nothing: its mIoU is \((int8 - float).text(decimals: 2)) points above float's"
    }

    private static func tile(_ figure: String, _ caption: String) -> HTML {
        "<div class=\"tile\"><b>\(figure)</b><span>\(caption)</span></div>\n"
    }
}
