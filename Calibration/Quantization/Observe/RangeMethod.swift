import ESegNetwork

/// How the range of a tensor's codes is chosen from the values that calibration saw.
public enum RangeMethod: Sendable, Equatable, CustomStringConvertible {
    /// `output` where layers are fitted to frames. Else, for each node, MSE where ReLU6 bounds what it gives or is made from, and KL where
    /// nothing does: unbounded channels differ in scale, and the largest dominate a squared error.
    case automatic
    /// Every value that was seen.
    case minMax
    /// That percentage of the values below the upper end, and as much above the lower end if it is not zero. More than 50, at most 100.
    case percentile(Double)
    /// The least mean squared error of rounding and clipping.
    case mse
    /// The least mean squared error of what reads the tensor: each channel's counts as much as its readers' weights make of it.
    case output
    /// The least Kullback–Leibler divergence of the quantized from the observed distribution (entropy calibration).
    case kl

    /// "auto", "min-max", "percentile" (99.99), "percentile:P", "mse", "output" or "kl"; else nil.
    public init?(_ text: String) {
        switch text {
        case "auto": self = .automatic
        case "min-max": self = .minMax
        case "mse": self = .mse
        case "kl": self = .kl
        case "output": self = .output
        case "percentile": self = .percentile(99.99)
        default:
            let prefix = "percentile:"
            guard text.hasPrefix(prefix), let value = Double(text.dropFirst(prefix.count)), value > 50, value <= 100 else { return nil }
            self = .percentile(value)
        }
    }

    /// The method of each node of a graph, and never `automatic`.
    ///
    /// Of two classes, a foreground and the rest, the frames may show little of one: what is least wrong on average gives it up. Then nearly all of
    /// what was seen is kept.
    func resolved(for graph: Graph, isFitted: Bool) -> [RangeMethod] {
        guard self == .automatic else { return graph.nodes.map { _ in self } }
        if isFitted, graph.nodes.last?.channels == 2 { return graph.nodes.map { _ in .percentile(99.99) } }
        return graph.boundedNodes.map { isFitted ? .output : $0 ? .mse : .kl }
    }

    public var description: String {
        switch self {
        case .automatic: "auto"
        case .minMax: "min-max"
        case .percentile(let value): "percentile:\(value)"
        case .mse: "mse"
        case .kl: "kl"
        case .output: "output"
        }
    }
}

extension Graph {
    /// Whether ReLU6 bounds each node: by the node's own activation or, where it has none, by those of all that it is made from.
    fileprivate var boundedNodes: [Bool] {
        var bounded: [Bool] = []
        for node in nodes {
            let activation = node.operation.activation
            bounded.append(activation == .relu6 || activation == .none && !node.inputs.isEmpty && node.inputs.allSatisfy { bounded[$0] })
        }
        return bounded
    }
}
