import ESegNetwork

/// How many outputs may be int16 for what that costs: whatever writes or reads one computes in int16 arithmetic, at half the rate.
struct Int16Budget {
    private let graph: Graph
    /// What each node takes, in multiply-accumulates.
    private let costs: [Int]

    /// The share of all nodes' costs that may be int16's.
    private static let share = 0.15
    /// What reading, rounding and writing a value takes, in multiply-accumulates.
    private static let perValue = 32

    /// - Throws: as `Graph.shapes`.
    init(_ graph: Graph, height: Int, width: Int) throws(NetworkError) {
        self.graph = graph
        costs = zip(graph.nodes, try graph.shapes(height: height, width: width)).map { $0.macs(of: $1) + $1.count * Self.perValue }
    }

    /// Of nodes in falling order of need, those whose int16 outputs fit; one that does not is passed over.
    func affordable(_ names: [String]) -> [String] {
        let readers = graph.readers, most = Self.share * Double(costs.dropFirst().reduce(0, +))
        let places = Dictionary(graph.nodes.enumerated().map { ($1.name, $0) }) { first, _ in first }
        var chosen: [String] = [], int16: Set<Int> = []
        for name in names {
            guard let node = places[name] else { continue }
            let with = int16.union([node]).union(readers[node])
            guard Double(with.reduce(0) { $0 + costs[$1] }) <= most else { continue }
            (int16, chosen) = (with, chosen + [name])
        }
        return chosen
    }
}
