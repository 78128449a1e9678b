import Texts
import ESegRuntime

/// What `eseg bench` measured. Encoded as it is, apart from the peak, it is the JSON file.
struct BenchResult: Encodable {
    struct Layer: Encodable {
        let name: String
        let kind: String
        let macs: Int
        let bytesMoved: Int
        var medianMs = 0.0

        init(name: String, kind: String, macs: Int, bytesMoved: Int) {
            self.name = name
            self.kind = kind
            self.macs = macs
            self.bytesMoved = bytesMoved
        }

        init(_ info: LayerInfo) { self.init(name: info.name, kind: info.kind, macs: info.macs, bytesMoved: info.bytesMoved) }

        func timed(_ times: [Double]) -> Layer {
            var layer = self
            layer.medianMs = times.median
            return layer
        }
    }

    let medianMs: Double
    let minMs: Double
    let isa: String
    let threads: Int
    let size: String
    let layers: [Layer]
    /// Multiply-accumulates a second at the machine's int8 peak; nil in float.
    let int8Peak: Double?
    /// Where it was measured.
    var machine: MachineReport?

    func json() throws -> [UInt8] { try jsonText() }

    var layerTable: TextTable {
        table(of: "layer", layers.map { Row(name: $0.name, kind: $0.kind, milliseconds: $0.medianMs, macs: $0.macs, bytes: $0.bytesMoved) })
    }

    /// The layers' sums by kind of operation, slowest first.
    var kindTable: TextTable {
        let rows = Dictionary(grouping: layers, by: \.kind).map { kind, layers in
            Row(
                name: "\(layers.count)", kind: kind, milliseconds: layers.reduce(0) { $0 + $1.medianMs },
                macs: layers.reduce(0) { $0 + $1.macs }, bytes: layers.reduce(0) { $0 + $1.bytesMoved })
        }
        return table(of: "layers", rows.sorted { ($1.milliseconds, $0.kind) < ($0.milliseconds, $1.kind) })
    }

    var summary: String {
        let macs = layers.reduce(0) { $0 + $1.macs }
        let rate = Double(macs) / medianMs / 1e6
        var text = "median \(medianMs.text(decimals: 2)) ms, best \(minMs.text(decimals: 2)) ms at \(size), \(isa), threads: \(threads)\n"
        text += "\((Double(macs) / 1e9).text(decimals: 2)) GMAC, \(rate.text(decimals: 1)) GMAC/s"
        if let int8Peak {
            let share = (100 * rate * 1e9 / int8Peak).text(decimals: 1)
            text += ", \(share) % of the \((int8Peak / 1e9).text(decimals: 0)) GMAC/s that this machine reaches"
        }
        return text
    }

    private struct Row {
        let name: String
        let kind: String
        let milliseconds: Double
        let macs: Int
        let bytes: Int
    }

    private func table(of subject: String, _ rows: [Row]) -> TextTable {
        var table = TextTable(
            [(subject, .left), ("kind", .left), ("ms", .right), ("% time", .right), ("MMAC", .right), ("GMAC/s", .right)]
                + (int8Peak == nil ? [] : [("% peak", .right)]) + [("MB", .right), ("GB/s", .right)])
        let total = layers.reduce(0) { $0 + $1.medianMs }
        for row in rows {
            let rate = Double(row.macs) / row.milliseconds / 1e6
            let arithmetic =
                [(Double(row.macs) / 1e6).text(decimals: 2), rate.text(decimals: 1)]
                + (int8Peak.map { [(100 * rate * 1e9 / $0).text(decimals: 1)] } ?? [])
            table.add(
                [row.name, row.kind, row.milliseconds.text(decimals: 3), (100 * row.milliseconds / total).text(decimals: 1)]
                    + (row.macs == 0 ? arithmetic.map { _ in "" } : arithmetic)
                    + [(Double(row.bytes) / 1e6).text(decimals: 2), (Double(row.bytes) / row.milliseconds / 1e6).text(decimals: 1)])
        }
        return table
    }
}
