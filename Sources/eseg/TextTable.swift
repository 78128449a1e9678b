/// Aligned columns for a terminal: a header, a rule, and rows.
struct TextTable: CustomStringConvertible {
    enum Alignment { case left, right }

    private let columns: [(title: String, alignment: Alignment)]
    private var rows: [[String]] = []

    init(_ columns: [(String, Alignment)]) { self.columns = columns }

    mutating func add(_ cells: [String]) { rows.append(cells) }

    var description: String {
        let widths = columns.indices.map { i in rows.reduce(columns[i].title.count) { max($0, i < $1.count ? $1[i].count : 0) } }
        func line(_ cells: [String]) -> String {
            let padded = zip(cells, zip(columns, widths)).map { cell, column in
                let padding = String(repeating: " ", count: column.1 - cell.count)
                return column.0.alignment == .left ? cell + padding : padding + cell
            }
            let text = padded.joined(separator: "  ")
            return String(text.reversed().drop { $0 == " " }.reversed())
        }
        let rule = widths.map { String(repeating: "─", count: $0) }.joined(separator: "  ")
        return ([line(columns.map(\.title)), rule] + rows.map(line)).joined(separator: "\n")
    }
}

extension Int {
    /// The number with a thousands separator, for example "3 121 419".
    var grouped: String {
        var digits = Array(String(magnitude))
        for position in stride(from: digits.count - 3, to: 0, by: -3) { digits.insert(" ", at: position) }
        return (self < 0 ? "-" : "") + String(digits)
    }
}

extension Collection where Element == Double {
    /// The middle value in order, or the mean of the two; NaN of nothing.
    var median: Double {
        let sorted = sorted()
        guard !sorted.isEmpty else { return .nan }
        return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
    }
}
