import CESeg

/// How rows of the caller's memory lie: each `stride` bytes from the one before, which is below 0 where they lie bottom to top.
struct Rows {
    let stride: Int
    let rowBytes: Int
    var isContiguous: Bool { stride == rowBytes }

    /// - Parameter stride: 0 stands for rows without gaps.
    /// - Throws: `CallError` naming the stride where rows would overlap, or reach beyond what can be addressed.
    init(_ base: UnsafeRawPointer, stride: Int, rowBytes: Int, rows: Int, _ name: String) throws(CallError) {
        self.stride = stride == 0 ? rowBytes : stride
        self.rowBytes = rowBytes
        let distance = self.stride.magnitude
        guard distance >= UInt(rowBytes) else {
            throw .argument(name, found: "\(stride)", expected: "at least \(rowBytes) bytes, or 0 for rows without gaps")
        }
        let (span, overflow) = distance.multipliedReportingOverflow(by: UInt(rows - 1))
        let address = UInt(bitPattern: base)
        let (lowest, below) = self.stride < 0 ? address.subtractingReportingOverflow(span) : (address, false)
        let (_, above) = lowest.addingReportingOverflow(span &+ UInt(rowBytes))
        guard !overflow, !below, !above, span <= UInt(Int.max) - UInt(rowBytes) else {
            throw .argument(name, found: "\(stride)", expected: "\(rows) rows that memory holds")
        }
    }
}
