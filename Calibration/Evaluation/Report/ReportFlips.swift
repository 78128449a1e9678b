import Texts

/// How many pixels flip in each frame: as a histogram over all frames, and as bars from the worst frame on.
struct FlipsSection {
    private let frames: [(index: Int, frame: Comparison.Frame)]
    /// Frames whose pictures are in the page.
    private let pictured: Set<Int>
    /// The worst frame's share of flips, in percent.
    private let greatest: Double

    private static let shown = 10
    /// Beyond these the list says how many are left out.
    private static let most = 1000

    init(_ frames: [Comparison.Frame], pictured: Set<Int>) {
        self.frames = frames.enumerated().map { ($0, $1) }
            .sorted { ($1.frame.flippedPercent, $0.index) < ($0.frame.flippedPercent, $1.index) }
        self.pictured = pictured
        greatest = self.frames.first?.frame.flippedPercent ?? 0
    }

    var html: HTML {
        guard !frames.isEmpty else { return "" }
        return """
            <section class="wide" id="flips">
            <h2>Flipped pixels by frame</h2>
            \(histogram)
            <div class="layers">
            \(frames.prefix(FlipsSection.shown).map(row))</div>
            \(others)
            </section>
            """
    }

    private var others: HTML {
        let rest = frames.dropFirst(FlipsSection.shown)
        guard !rest.isEmpty else { return "" }
        let left = frames.count - FlipsSection.most
        return """
            <details><summary>\(rest.count) more frames</summary>
            <div class="layers">
            \(frames.prefix(FlipsSection.most).dropFirst(FlipsSection.shown).map(row))</div>\
            \(left > 0 ? "<p class=\"note\">and \(left) with fewer flipped pixels</p>" as HTML : "")</details>
            """
    }

    private func row(_ item: (index: Int, frame: Comparison.Frame)) -> HTML {
        let percent = item.frame.flippedPercent
        let name: HTML =
            pictured.contains(item.index) ? "<a href=\"#frame-\(item.index)\">\(item.frame.name)</a>" : "\(item.frame.name)"
        return """
            <div class="layer"><code>\(name)</code><span class="track"><i class="bar" \
            style="width:\((greatest > 0 ? 100 * percent / greatest : 0).text(decimals: 1))%"></i></span>\
            <b>\(percent.text(decimals: 2)) %</b></div>

            """
    }

    private var histogram: HTML {
        guard frames.count > 1, greatest > 0 else { return "" }
        let step = FlipsSection.step(for: greatest)
        let counts = FlipsSection.counts(frames.map(\.frame.flippedPercent), step: step)
        let highest = Double(counts.max() ?? 1), width = 1000 / Double(counts.count)
        let bars: [HTML] = counts.enumerated().filter { $1 > 0 }.map { index, count in
            let height = max(2, 96 * Double(count) / highest)
            return """
                <rect x="\((Double(index) * width + 2).text(decimals: 1))" y="\((100 - height).text(decimals: 1))" \
                width="\((width - 4).text(decimals: 1))" height="\(height.text(decimals: 1))"><title>\(count) \
                \(count == 1 ? "frame" : "frames") from \((Double(index) * step).text(figures: 2)) to \
                \((Double(index + 1) * step).text(figures: 2)) %</title></rect>
                """
        }
        let mean = frames.reduce(0) { $0 + $1.frame.flippedPercent } / Double(frames.count)
        return """
            <figure class="curve flips">
            <div><span>\(Int(highest)) \(highest == 1 ? "frame" : "frames")</span><span>0</span></div>
            <svg viewBox="0 0 1000 100" preserveAspectRatio="none" role="img" \
            aria-label="frames by their share of flipped pixels">\(bars)</svg>
            <figcaption><span>0 %</span><span>flipped pixels; \(mean.text(decimals: 2)) % in the mean of \(frames.count) frames</span>\
            <span>\((Double(counts.count) * step).text(figures: 2)) %</span></figcaption>
            </figure>
            """
    }

    /// The least width of 1, 2 or 5 times a power of ten with which at most 25 bars reach `greatest`, in percent.
    static func step(for greatest: Double) -> Double {
        var power = 1e-6
        while power < 100 {
            for step in [power, 2 * power, 5 * power] where greatest / step <= 25 { return step }
            power *= 10
        }
        return 5
    }

    /// How many of the shares are in each step.
    static func counts(_ shares: [Double], step: Double) -> [Int] {
        let bars = Int(((shares.max() ?? 0) / step).rounded(.down)) + 1
        return shares.reduce(into: [Int](repeating: 0, count: bars)) { counts, share in
            counts[min(bars - 1, max(0, Int(share / step)))] += 1
        }
    }
}

extension Comparison.Frame {
    var flippedPercent: Double { pixels > 0 ? 100 * Double(flippedPixels) / Double(pixels) : 0 }
}
