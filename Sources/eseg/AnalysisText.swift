import ESegNetwork
import Quantization
import Texts

extension Analysis {
    /// What a terminal shows: the verdict, the worst layers, and where the noise comes from.
    func text(top: Int, classNames: [String]) -> String {
        [
            verdict, worstLayers(top).description, shares("layers of kind", noise { $0.kind }).description,
            shares("pyramid level", noise { "P\($0.level)" }).description,
        ]
        .joined(separator: "\n\n")
    }

    private var verdict: String {
        var lines = ["All layers in 8 bits, each weight rounded by itself: \(all.flips.text(decimals: 2)) % of pixels change their class"]
        if let before = floatMeanIoU, let after = all.meanIoU {
            lines[0] += ", mIoU \(before.text(decimals: 2)) % to \(after.text(decimals: 2)) %"
        }
        lines[0] += "; logits at \(all.logits.decibels.text(decimals: 1)) dB."
        let total = layers.reduce(0) { $0 + $1.noise }
        if total > 0, let worst = ranking.first {
            let part = 100 * worst.noise / total
            let what = worst.weightNoise > worst.outputNoise ? "the weights" : "the output"
            lines.append("Worst: \(what) of \(worst.name) (\(worst.kind)), \(part.text(decimals: 0)) % of what layers alone add up to.")
        }
        let uneven = layers.filter { $0.channelSpread >= Analysis.notableSpread }.sorted { $0.channelSpread > $1.channelSpread }
        for layer in uneven.prefix(3) {
            lines.append(
                "Channels of \(layer.name) differ in range: the largest is \(layer.channelSpread.text(decimals: 0)) times the median.")
        }
        return lines.joined(separator: "\n")
    }

    /// The ratio of ranges from which on a layer is pointed out.
    private static let notableSpread = 8.0

    private func worstLayers(_ top: Int) -> TextTable {
        let total = layers.reduce(0) { $0 + $1.noise }
        let hasLabels = floatMeanIoU != nil
        var table = TextTable(
            [
                ("worst layers", .left), ("kind", .left), ("level", .left), ("noise %", .right), ("weights dB", .right),
                ("flips %", .right),
                ("output dB", .right), ("flips %", .right), ("spread", .right), ("up to it: dB", .right), ("flips %", .right),
            ] + (hasLabels ? [("mIoU", .right)] : []))
        for layer in ranking.prefix(top) {
            table.add(
                [
                    layer.name, layer.kind, "P\(layer.level)", (total > 0 ? 100 * layer.noise / total : 0).text(decimals: 1),
                    layer.weights.decibels, layer.weights.flipText, layer.output.decibels, layer.output.flipText,
                    layer.channelSpread.text(decimals: 1), layer.cumulative.logits.decibels.text(decimals: 1),
                    layer.cumulative.flips.text(decimals: 2),
                ] + (hasLabels ? [layer.cumulative.meanIoU?.text(decimals: 2) ?? ""] : []))
        }
        return table
    }

    private func shares(_ title: String, _ groups: [(key: String, weights: Double, outputs: Double)]) -> TextTable {
        let total = groups.reduce(0) { $0 + $1.weights + $1.outputs }
        var table = TextTable([(title, .left), ("weights' noise %", .right), ("outputs' noise %", .right)])
        for group in groups where total > 0 {
            table.add([
                group.key, (100 * group.weights / total).text(decimals: 1), (100 * group.outputs / total).text(decimals: 1),
            ])
        }
        return table
    }

    /// All layers' figures, in the network's order.
    func json() -> [UInt8] {
        func number(_ value: Double?) -> JSONValue { value.flatMap { $0.isFinite ? .number($0) : nil } ?? .null }
        func members(_ damage: Damage?) -> JSONValue {
            guard let damage else { return .null }
            return [
                "logits_sqnr_db": number(damage.logits.decibels), "flips_percent": number(damage.flips),
                "miou_percent": number(damage.meanIoU),
            ]
        }
        let entries = layers.map { layer -> JSONValue in
            [
                "name": .string(layer.name), "kind": .string(layer.kind), "level": .integer(layer.level),
                "weights": members(layer.weights), "output": members(layer.output), "cumulative": members(layer.cumulative),
                "noise_to_signal": number(layer.noise), "channel_spread": number(layer.channelSpread),
                "channel_ranges": .array(layer.channelRanges.map { number(Double($0)) }),
            ]
        }
        let document: JSONValue = ["float_miou_percent": number(floatMeanIoU), "all": members(all), "layers": .array(entries)]
        return Array((document.text + "\n").utf8)
    }
}

extension Damage? {
    fileprivate var decibels: String { self?.logits.decibels.text(decimals: 1) ?? "" }
    fileprivate var flipText: String { self?.flips.text(decimals: 2) ?? "" }
}
