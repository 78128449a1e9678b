import ESegNetwork

/// Where the cells of a network's picture lie: a row for each resolution, the network's stages side by side, nodes in their order.
struct NetworkLayout {
    struct Cell: Equatable {
        var layer: ReportedLayer
        var x: Int
        var y: Int
    }

    struct Row: Equatable {
        var resolution: MapSize
        var y: Int
        var height: Int
    }

    struct Column: Equatable {
        var stage: String
        var x: Int
        var width: Int
    }

    private(set) var cells: [Cell] = []
    private(set) var rows: [Row] = []
    private(set) var columns: [Column] = []
    private(set) var width: Int
    private(set) var height: Int

    /// A cell's distance to the next.
    static let pitch = (x: 38, y: 32)
    /// Cells in one line of a row; more continue on the next.
    static let longestLine = 12
    private static let gap = 14
    private static let labels = (width: 64, height: 22)
    private static let characterWidth = 8

    init(_ layers: [ReportedLayer]) {
        let groups = Dictionary(grouping: layers) { Place(resolution: $0.resolution, stage: $0.stage) }
        (width, height) = (NetworkLayout.labels.width, NetworkLayout.labels.height)
        for layer in layers where !columns.contains(where: { $0.stage == layer.stage }) {
            let longest = groups.filter { $0.key.stage == layer.stage }.map(\.value.count).max() ?? 0
            let cells = min(NetworkLayout.longestLine, longest) * NetworkLayout.pitch.x
            columns.append(Column(stage: layer.stage, x: width, width: max(cells, layer.stage.count * NetworkLayout.characterWidth)))
            width += columns[columns.count - 1].width + NetworkLayout.gap
        }
        for resolution in Set(layers.map(\.resolution)).sorted(by: >) {
            let lines = groups.filter { $0.key.resolution == resolution }.map { ($1.count - 1) / NetworkLayout.longestLine + 1 }.max() ?? 1
            rows.append(Row(resolution: resolution, y: height, height: lines * NetworkLayout.pitch.y))
            for column in columns { place(groups[Place(resolution: resolution, stage: column.stage)] ?? [], in: column) }
            height += lines * NetworkLayout.pitch.y + 4
        }
    }

    private mutating func place(_ layers: [ReportedLayer], in column: Column) {
        for (index, layer) in layers.enumerated() {
            let (line, position) = index.quotientAndRemainder(dividingBy: NetworkLayout.longestLine)
            cells.append(Cell(layer: layer, x: column.x + position * NetworkLayout.pitch.x, y: height + line * NetworkLayout.pitch.y))
        }
    }

    private struct Place: Hashable {
        var resolution: MapSize
        var stage: String
    }
}
