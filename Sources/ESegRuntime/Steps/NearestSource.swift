import ESegNetwork

/// Which row and column of a map each row and column of a nearest-neighbor resize of it reads: src = floor(dst · in / out).
struct NearestSource {
    private(set) var rows: [Int]
    private(set) var columns: [Int]

    /// - Parameter shapes: of the map, of what each step makes of it, and of the last one's result; at least one.
    init(through shapes: [Shape]) {
        rows = Array(0..<(shapes.last?.height ?? 0))
        columns = Array(0..<(shapes.last?.width ?? 0))
        for (from, to) in zip(shapes, shapes.dropFirst()).reversed() {
            rows = rows.map { $0 * from.height / to.height }
            columns = columns.map { $0 * from.width / to.width }
        }
    }
}
