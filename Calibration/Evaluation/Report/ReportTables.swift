import Texts

/// The report's table of float, int8 and their difference.
struct SummarySection {
    private let comparison: Comparison

    init(_ comparison: Comparison) { self.comparison = comparison }

    var html: HTML {
        """
        <section>
        <h2>Float and int8</h2>
        <table>
        <thead><tr><th></th><th>float</th><th>int8</th><th>difference</th></tr></thead>
        <tbody>
        \(comparison.summaryRows.map(row))\
        <tr><th>argmax agreement</th><td></td><td>\(comparison.argmaxAgreement.text(decimals: 3)) %</td><td></td></tr>
        \(comparison.doubtRows.map(doubtRow))\
        </tbody>
        </table>
        </section>
        """
    }

    private func doubtRow(_ row: (label: String, value: String)) -> HTML {
        "<tr><th>\(row.label)</th><td></td><td>\(row.value)</td><td></td></tr>\n"
    }

    private func row(_ row: SummaryRow) -> HTML {
        """
        <tr><th>\(row.label)</th><td>\(row.float)</td><td>\(row.int8)</td><td class="\(row.verdict.style)">\(row.typeset)</td></tr>

        """
    }
}

/// The IoU of each class as two bars, with the class's color: the legend of the maps.
struct ClassesSection {
    private let comparison: Comparison
    private let colors: [Color]

    init(_ comparison: Comparison, colors: [Color]) {
        self.comparison = comparison
        self.colors = colors
    }

    var html: HTML {
        """
        <section>
        <h2>\(comparison.classRows.isEmpty ? "Classes" : "IoU per class")</h2>
        <div class="classes">
        \(key)\(comparison.classNames.indices.map(row))</div>
        </section>
        """
    }

    private var key: HTML {
        guard !comparison.classRows.isEmpty else { return "" }
        return """
            <div class="class key"><span></span><span class="bars"></span><span class="figures">\
            <span><i class="swatch" style="background:var(--float)"></i>float</span>\
            <span><i class="swatch" style="background:var(--int8)"></i>int8</span><span>difference</span></span></div>

            """
    }

    private func row(_ index: Int) -> HTML {
        let swatch: HTML = "<i class=\"swatch\" style=\"background:\(colors.color(of: UInt8(truncatingIfNeeded: index)).css)\"></i>"
        let name: HTML = "<span class=\"name\">\(swatch)\(comparison.classNames[index])</span>"
        guard let row = comparison.classRow(index), let float = comparison.float.perClassIoU[index],
            let int8 = comparison.int8.perClassIoU[index]
        else {
            return "<div class=\"class\">\(name)<span class=\"absent\">not in the labels</span></div>\n"
        }
        return """
            <div class="class">\(name)
            <span class="bars"><i class="bar float" style="width:\(float.text(decimals: 2))%"></i>\
            <i class="bar" style="width:\(int8.text(decimals: 2))%"></i></span>
            <span class="figures"><span>\(row.float)</span><span>\(row.int8)</span>\
            <b class="\(row.verdict.style)">\(row.typeset)</b></span></div>

            """
    }
}

extension SummaryRow {
    /// The difference with a true minus sign.
    fileprivate var typeset: String { difference.hasPrefix("-") ? "−" + difference.dropFirst() : difference }
}

extension SummaryRow.Verdict {
    fileprivate var style: String {
        switch self {
        case .better: "better"
        case .worse: "worse"
        case .even: "even"
        }
    }
}
