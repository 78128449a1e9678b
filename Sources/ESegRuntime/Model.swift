import ESegNetwork

/// A loaded int8 model with packed weights, ready to be planned for any input size; can be shared between threads.
public final class Model: @unchecked Sendable {
    /// Hyper-parameters of the network.
    public let config: Config
    /// One name for each class index.
    public let classNames: [String]
    public let graph: Graph
    /// What the file says of its calibration.
    public let provenance: [String: String]
    let packed: PackedNetwork

    /// Packs a network; it must be valid, see `QuantizedNetwork.validate`.
    public init(_ network: QuantizedNetwork) throws {
        config = network.config
        classNames = network.classNames
        graph = network.graph
        provenance = network.provenance
        packed = try PackedNetwork(network)
    }
}
