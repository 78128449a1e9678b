/// The first thing in which two networks differ that should be versions of one, for messages. Names of networks and classes are none: they
/// change no pixel.
public struct NetworkMismatch: Sendable, Equatable {
    public let field: String
    public let found: String
    public let expected: String

    /// nil where both take the same pixels through the same nodes.
    public init?(
        found: (graph: Graph, description: NetworkDescription), expected: (graph: Graph, description: NetworkDescription)
    ) {
        let differing = Self.differingNodes(found.graph, expected.graph) ?? Self.differingPixels(found.description, expected.description)
        guard let differing else { return nil }
        (field, self.found, self.expected) = differing
    }

    private typealias Difference = (field: String, found: String, expected: String)

    private static func differingNodes(_ found: Graph, _ expected: Graph) -> Difference? {
        let (a, b) = (found.nodes, expected.nodes)
        if let index = zip(a, b).enumerated().first(where: { $1.0 != $1.1 })?.offset {
            return ("node \(index)", a[index].summary(than: b[index]), b[index].summary(than: a[index]))
        }
        return a.count == b.count ? nil : ("nodes", "\(a.count)", "\(b.count)")
    }

    private static func differingPixels(_ found: NetworkDescription, _ expected: NetworkDescription) -> Difference? {
        let facts: [Difference] = [
            ("mean", "\(found.mean)", "\(expected.mean)"), ("std", "\(found.std)", "\(expected.std)"),
            ("channel order", found.channelOrder.rawValue, expected.channelOrder.rawValue),
            ("upsampling", found.upsampling.rawValue, expected.upsampling.rawValue),
        ]
        return facts.first { $0.found != $0.expected }
    }
}

extension Node {
    /// Its name and operator; all of the operator's parameters where another node has the same, and its inputs where that is all.
    fileprivate func summary(than other: Node) -> String {
        if name != other.name || operation.name != other.operation.name { return "\(name), \(operation.name)" }
        return operation != other.operation ? "\(name), \(operation)" : "\(name), which reads nodes \(inputs)"
    }
}
