import Texts

extension Comparison {
    /// The comparison for a terminal: aligned columns for float, int8 and the difference, then agreement and the noisiest layers.
    public func table(noisiestLayers: Int = 5) -> String {
        var lines = [["", "float", "int8", "difference"]]
        lines += summaryRows.map(\.cells)
        if !classRows.isEmpty {
            lines.append(["IoU per class"])
            lines += classRows.map { ["  \($0.label)"] + $0.cells.dropFirst() }
        }
        lines.append(["argmax agreement", "", "\(argmaxAgreement.text(decimals: 3)) %"])
        lines += doubtRows.map { [$0.label, "", $0.value] }
        let noisiest = layersByNoise.filter(\.sqnrDb.isFinite).prefix(noisiestLayers)
        if !noisiest.isEmpty {
            lines.append(["lowest SQNR"])
            lines += noisiest.map { ["  \($0.name)", "", "\($0.sqnrDb.text(decimals: 1)) dB"] }
        }
        return aligned(lines + beforeLines) + (labels.note.map { "labels: \($0)\n" } ?? "")
    }

    /// A table of its own: mIoU only where labels tell.
    private var beforeLines: [[String]] {
        guard !before.isEmpty else { return [] }
        return [["before and after", "agreement", "mIoU", "mean SQNR"]]
            + (before + [asBefore(name: "this network", techniques: "")]).map { network in
                [
                    "  \(network.name)", "\(network.argmaxAgreement.text(decimals: 3)) %",
                    network.mIoU.map { "\($0.text(decimals: 2)) %" } ?? "", network.meanSqnrDb.map { "\($0.text(decimals: 1)) dB" } ?? "",
                ]
            }
    }

    /// The first column to the left, the others to the right.
    private func aligned(_ raw: [[String]]) -> String {
        let lines = raw.map { $0.map(\.printable) }
        let widths = (0..<4).map { column in lines.map { $0.count > column ? $0[column].count : 0 }.max() ?? 0 }
        return lines.map { line in
            let cells = zip(line, widths).enumerated().map { column, cell in
                let padding = String(repeating: " ", count: cell.1 - cell.0.count)
                return column == 0 ? cell.0 + padding : padding + cell.0
            }
            let text = cells.joined(separator: "   ")
            return String(text.reversed().drop { $0 == " " }.reversed()) + "\n"
        }.joined()
    }
}

extension String {
    /// Without control characters: names come from files, and a terminal would obey them.
    fileprivate var printable: String {
        String(String.UnicodeScalarView(unicodeScalars.map { $0.properties.generalCategory == .control ? "?" : $0 }))
    }
}

extension SummaryRow {
    fileprivate var cells: [String] { [label, float, int8, difference] }
}
