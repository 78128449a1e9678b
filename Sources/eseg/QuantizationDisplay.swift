import Quantization
import Texts

/// Shows on a terminal what quantization tells: stages as a bar, findings as lines.
final class QuantizationDisplay {
    private let tellsSkipped: Bool
    private var bar: ProgressBar?

    init(tellsSkipped: Bool = false) { self.tellsSkipped = tellsSkipped }

    func show(_ event: QuantizationEvent) {
        switch event {
        case .began(let stage, let steps): bar = ProgressBar(stage.rawValue, total: steps)
        case .advanced: bar?.advance()
        case .ended: bar?.finish()
        case .prepared(let skipped):
            for skip in skipped where tellsSkipped { print("not equalized: \(skip)") }
        case .choseInt16(let names):
            if !names.isEmpty { print("int16 activations: \(names.joined(separator: " "))") }
        case .searched(let search): print(search.summary)
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
