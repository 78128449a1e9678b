import Texts

/// The report's table of int8 networks of the same weights: those before, and the one compared.
struct BeforeSection {
    private let rows: [Comparison.Before]

    init(_ comparison: Comparison, name: String, techniques: String) {
        rows = comparison.before.isEmpty ? [] : comparison.before + [comparison.asBefore(name: name, techniques: techniques)]
    }

    var html: HTML {
        guard let this = rows.last else { return "" }
        return """
            <section class="wide" id="before">
            <h2>Before and after</h2>
            <p class="note">Networks of the same weights on the same frames. Bars are the pixels that change their class: shorter is \
            better. SQNR is the mean of all layers'.</p>
            <div class="scroll"><table class="before">
            <thead><tr><th>network</th><th class="wide-cell"></th><th>flipped</th><th>agreement</th>\(this.mIoU == nil ? "" : "<th>mIoU</th>" as HTML)\
            <th>SQNR</th></tr></thead>
            <tbody>
            \(rows.dropLast().map { row($0, isThis: false) })\(row(this, isThis: true))</tbody>
            </table></div>
            </section>
            """
    }

    private func row(_ network: Comparison.Before, isThis: Bool) -> HTML {
        let most = rows.map { 100 - $0.argmaxAgreement }.max() ?? 0, flipped = 100 - network.argmaxAgreement
        let width = most > 0 ? 100 * flipped / most : 0
        let quality: HTML = rows.last?.mIoU == nil ? "" : "<td>\((network.mIoU ?? .nan).text(decimals: 2)) %</td>"
        return """
            <tr\(isThis ? " class=\"this\"" as HTML : "")><th>\(network.name)<small>\(network.techniques)</small></th>\
            <td class="wide-cell"><i class="bar\(isThis ? "" : " float")" style="width:\(width.text(decimals: 1))%"></i></td>\
            <td>\(flipped.text(decimals: 3)) %</td><td>\(network.argmaxAgreement.text(decimals: 3)) %</td>\(quality)\
            <td>\((network.meanSqnrDb ?? .nan).text(decimals: 1)) dB</td></tr>

            """
    }
}
