/// The means of the cells of a grid, whatever the map's size: cell i along an axis covers the samples from floor(i · in / out) to
/// ceil((i + 1) · in / out), that one left out. Cells may overlap, and none is empty.
public struct AdaptiveAveragePool: GraphOperator {
    public static let name = "adaptive_average_pool"

    public var channels: Int
    /// Cells of the grid, from top to bottom.
    public var rows: Int
    /// Cells from left to right.
    public var columns: Int

    public init(channels: Int, rows: Int, columns: Int) {
        self.channels = channels
        self.rows = rows
        self.columns = columns
    }

    public var summary: String { "average pool to \(rows)x\(columns)" }
    public var label: String { "grid-pool" }

    /// The samples of a map's axis that a cell covers.
    package static func samples(ofCell cell: Int, of cells: Int, over extent: Int) -> Range<Int> {
        cell * extent / cells..<((cell + 1) * extent + cells - 1) / cells
    }

    package func tiedInputs(_ count: Int) -> Range<Int> { 0..<count }

    package func check(inputChannels found: [Int]) throws(OperatorFault) {
        try require(inputs: 1...1, found: found.count)
        try require(inputChannels: found[0], channels)
        let grids = Graph.Limits.grids
        try require(grids.contains(rows), "rows", "\(rows)", "\(grids)")
        try require(grids.contains(columns), "columns", "\(columns)", "\(grids)")
    }

    package func outputSize(_ inputs: [Shape]) throws(OperatorFault) -> MapSize { MapSize(height: rows, width: columns) }

    package func layerKind(isInt16: Bool) -> LayerKind? { .rescaled }

    package var attributes: [(String, JSONValue)] {
        [("channels", .integer(channels)), ("rows", .integer(rows)), ("columns", .integer(columns))]
    }

    package init(_ fields: inout JSONFields) throws(NetworkError) {
        channels = try fields.integer("channels", in: Graph.Limits.channels)
        rows = try fields.integer("rows", in: Graph.Limits.grids)
        columns = try fields.integer("columns", in: Graph.Limits.grids)
    }

    package var operation: Operation { .adaptiveAveragePool(self) }
}
