/// Where the cells of a network's picture lie: a row for each pyramid level, the network's parts side by side, nodes in their order.
struct NetworkLayout {
    struct Cell: Equatable {
        var layer: ReportedLayer
        var x: Int
        var y: Int
    }

    struct Row: Equatable {
        var level: Int
        var y: Int
        var height: Int
    }

    struct Column: Equatable {
        var part: NetworkPart
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
    private static let gap = 14
    private static let labels = (width: 58, height: 22)

    init(_ layers: [ReportedLayer]) {
        let groups = Dictionary(grouping: layers) { Place(level: $0.level, part: $0.part) }
        (width, height) = (NetworkLayout.labels.width, NetworkLayout.labels.height)
        for part in NetworkPart.allCases {
            let longest = groups.filter { $0.key.part == part }.map(\.value.count).max() ?? 0
            guard longest > 0 else { continue }
            columns.append(Column(part: part, x: width, width: min(part.longestLine, longest) * NetworkLayout.pitch.x))
            width += columns[columns.count - 1].width + NetworkLayout.gap
        }
        for level in Set(layers.map(\.level)).sorted() {
            let lines = groups.filter { $0.key.level == level }.map { ($1.count - 1) / $0.part.longestLine + 1 }.max() ?? 1
            rows.append(Row(level: level, y: height, height: lines * NetworkLayout.pitch.y))
            for column in columns { place(groups[Place(level: level, part: column.part)] ?? [], in: column) }
            height += lines * NetworkLayout.pitch.y + 4
        }
    }

    private mutating func place(_ layers: [ReportedLayer], in column: Column) {
        for (index, layer) in layers.enumerated() {
            let (line, position) = index.quotientAndRemainder(dividingBy: column.part.longestLine)
            cells.append(Cell(layer: layer, x: column.x + position * NetworkLayout.pitch.x, y: height + line * NetworkLayout.pitch.y))
        }
    }

    private struct Place: Hashable {
        var level: Int
        var part: NetworkPart
    }
}

extension NetworkPart {
    /// Cells in one line of a level; more continue on the next.
    fileprivate var longestLine: Int {
        switch self {
        case .backbone: 18
        case .pyramid: 9
        case .head: 4
        }
    }
}
