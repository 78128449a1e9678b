import Texts

/// One line of the comparison, as the terminal and the report show it: texts with their units, and whether int8 is better.
struct SummaryRow: Equatable {
    enum Verdict { case better, worse, even }

    var label: String
    var float: String
    var int8: String
    var difference: String
    var verdict: Verdict
}

extension Comparison {
    /// Quality, speed and memory of both; quality only where labels tell.
    var summaryRows: [SummaryRow] {
        [
            Comparison.quality("mIoU", float.mIoU, int8.mIoU),
            Comparison.quality("pixel accuracy", float.pixelAccuracy, int8.pixelAccuracy),
            Comparison.quality("boundary IoU", float.boundaryIoU, int8.boundaryIoU),
            Comparison.cost("latency, median", float.medianMs, int8.medianMs, unit: "ms", gain: "faster", loss: "slower"),
            Comparison.cost(
                "peak memory", Double(float.peakBytes) / 1e6, Double(int8.peakBytes) / 1e6, unit: "MB", gain: "smaller", loss: "larger"),
        ].compactMap(\.self)
    }

    /// How many pixels are doubtful, and how many of those that flip; none where int8 was not calibrated for it.
    var doubtRows: [(label: String, value: String)] {
        guard let doubt else { return [] }
        return [("doubtful pixels", "\(doubt.pixels.text(decimals: 2)) %")]
            + (doubt.flips.map { [("flips that are doubtful", "\($0.text(decimals: 2)) %")] } ?? [])
    }

    /// The IoU of each class that the labels have.
    var classRows: [SummaryRow] { classNames.indices.compactMap(classRow) }

    /// The IoU of one class; nil if the labels do not have it.
    func classRow(_ index: Int) -> SummaryRow? {
        guard float.perClassIoU.indices.contains(index), int8.perClassIoU.indices.contains(index) else { return nil }
        return Comparison.quality(classNames[index], float.perClassIoU[index], int8.perClassIoU[index])
    }

    /// Layers that int8 disturbs most first; what was not measured last.
    var layersByNoise: [Layer] {
        layers.sorted { ($0.sqnrDb.isNaN ? .infinity : $0.sqnrDb, $0.name) < ($1.sqnrDb.isNaN ? .infinity : $1.sqnrDb, $1.name) }
    }

    private static func quality(_ label: String, _ float: Double?, _ int8: Double?) -> SummaryRow? {
        guard let float, let int8 else { return nil }
        let difference = (int8 - float).signedText(decimals: 2)
        return SummaryRow(
            label: label, float: "\(float.text(decimals: 2)) %", int8: "\(int8.text(decimals: 2)) %", difference: difference,
            verdict: difference == "0.00" ? .even : int8 > float ? .better : .worse)
    }

    private static func cost(_ label: String, _ float: Double, _ int8: Double, unit: String, gain: String, loss: String) -> SummaryRow {
        SummaryRow(
            label: label, float: "\(float.text(decimals: 1)) \(unit)", int8: "\(int8.text(decimals: 1)) \(unit)",
            difference: int8 <= float
                ? "\((float / int8).text(decimals: 2))× \(gain)" : "\((int8 / float).text(decimals: 2))× \(loss)",
            verdict: int8 < float ? .better : int8 > float ? .worse : .even)
    }
}
