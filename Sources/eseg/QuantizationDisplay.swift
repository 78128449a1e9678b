import Quantization
import Texts

/// Shows on a terminal what quantization tells, stages as a bar and findings as lines, and remembers the findings.
final class QuantizationDisplay {
    private let tellsSkipped: Bool
    private let style: ProgressStyle
    private var bar: ProgressBar?
    /// What could not be equalized, and why.
    private(set) var skipped: [String] = []
    /// Nodes whose outputs quantization gave int16 codes.
    private(set) var int16: [String] = []

    init(tellsSkipped: Bool = false, progress style: ProgressStyle = .bar) {
        self.tellsSkipped = tellsSkipped
        self.style = style
    }

    func show(_ event: QuantizationEvent) {
        switch event {
        case .began(let stage, let steps): bar = ProgressBar(stage.rawValue, total: steps, as: style)
        case .advanced: bar?.advance()
        case .ended: bar?.finish()
        case .prepared(let skipped):
            self.skipped = skipped.map(\.description)
            for skip in skipped where tellsSkipped { print("not equalized: \(skip)") }
        case .choseInt16(let names):
            int16 = names
            if !names.isEmpty { print("int16 activations: \(names.joined(separator: " "))") }
        case .searched(let search):
            int16 = search.outcome.best.int16
            print(search.summary)
        }
    }
}

extension QuantizationPipeline.Search {
    /// What it took.
    fileprivate var summary: String {
        let best = outcome.best, int16 = best.int16.isEmpty ? "no layer" : "\(best.int16.count) layers"
        return "int16 activations: \(int16); loss \(best.loss.text(decimals: 3)) \(lossUnit), "
            + "\(outcome.plain.loss.text(decimals: 3)) with 8 bits alone, allowed \(maxLoss.text(decimals: 3))"
    }

    /// Why the loss is greater than it may be; nil if it is not.
    var obstacle: String? {
        guard !outcome.meetsTarget else { return nil }
        let allInt16 = outcome.allInt16 ?? outcome.plain
        return
            "--max-loss: found \(outcome.best.loss.text(decimals: 3)) \(lossUnit) at best, expected at most \(maxLoss.text(decimals: 3)): "
            + "with all \(allInt16.int16.count) layers at int16 the loss is still \(allInt16.loss.text(decimals: 3)), so that no choice of them "
            + "meets it; what is left are pixels whose two best classes nearly tie"
    }
}
