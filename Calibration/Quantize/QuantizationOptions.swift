import ESegNetwork

/// How a network is quantized.
public struct QuantizationOptions: Sendable, Equatable {
    public var range: RangeMethod
    public var wideLayers: WideLayers

    public init(range: RangeMethod = .automatic, wideLayers: WideLayers = .automatic) {
        self.range = range
        self.wideLayers = wideLayers
    }
}

/// Which dense convolutions have int16 weights. The one that reads the image always has.
public enum WideLayers: Sendable, Equatable {
    /// Those that int8 weights would hurt much more than is usual: it happens where input channels differ widely in scale.
    case automatic
    /// Convolutions of these names, or in modules of these names (`backbone.stages.0`).
    case named([String])
}

extension WideLayers {
    /// Throws if a name names nothing.
    func validate(_ graph: Graph) throws(CalibrationError) {
        guard case .named(let names) = self else { return }
        for name in names {
            let isFound = graph.nodes.contains { node in
                guard case .convolution = node.operation else { return false }
                return node.isNamed(name)
            }
            guard isFound else { throw .wideLayer(name: name) }
        }
    }

    /// - squares: sum of squares of each of the convolution's input channels, over any number of pixels.
    func includes(_ node: Node, _ layer: LinearLayer, squares: [Double]) -> Bool {
        switch self {
        case .automatic: layer.int8NoiseToSignal(squares: squares) > WideLayers.tolerableNoise
        case .named(let names): names.contains { node.isNamed($0) }
        }
    }

    /// −32 dB; in trained networks most layers are below −40 dB.
    private static let tolerableNoise = 6.3e-4
}

extension Node {
    /// Whether `name` is the node's or a module's that it is in.
    fileprivate func isNamed(_ name: String) -> Bool { self.name == name || self.name.hasPrefix(name + ".") }
}
