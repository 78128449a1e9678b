import ESegNetwork
import Kernels

/// A loaded int8 model with packed weights, ready to be planned for any input size; can be shared between threads.
public final class Model: @unchecked Sendable {
    /// What the network is called, its classes, and how it takes pixels.
    public let description: NetworkDescription
    public let graph: Graph
    /// What the file says of its calibration.
    public let provenance: [String: String]
    /// How the channels of each node's output differ from the float network's.
    public let channelScalings: [ChannelScaling]
    /// Which pixels of its class maps are doubtful.
    public let doubt: DoubtCalibration
    /// The instruction set of the kernels that run it, for which its weights are packed.
    public let isa: ISA
    let packed: PackedNetwork

    /// Reads, verifies and packs an `.eseg` file. What only that needed memory for goes back to the system.
    /// - Throws: `NetworkError` naming the file and the field that is wrong; `RuntimeError.outOfMemory`.
    public convenience init(contentsOf path: String, isa: ISA = .best) throws { try self.init(contentsOf: path, isa: isa) { _ in } }

    /// The same, and lets `look` see the file's bytes, which are read once.
    package convenience init(contentsOf path: String, isa: ISA, look: (UnsafeRawBufferPointer) -> Void) throws {
        try self.init(QuantizedNetwork(contentsOf: path, look: look), isa: isa)
        eseg_memory_trim()
    }

    /// The same from a file's bytes, which errors call "memory".
    package convenience init(file bytes: UnsafeRawBufferPointer, isa: ISA = .best) throws {
        try self.init(QuantizedNetwork(file: bytes, name: "memory"), isa: isa)
        eseg_memory_trim()
    }

    /// Packs a network; it must be valid, see `QuantizedNetwork.validate`.
    public init(_ network: QuantizedNetwork, isa: ISA = .best) throws {
        try network.validate(file: network.description.name)
        try network.description.requireRGB()
        description = network.description
        graph = network.graph
        provenance = network.provenance
        channelScalings = network.channelScalings
        doubt = network.doubt
        self.isa = isa
        packed = try PackedNetwork(network, kernels: isa.kernels)
    }

    /// What an int16 logit of 1 stands for.
    package var logitScale: Float { packed.outputs[packed.outputs.count - 1].scale }

    /// One name for each class index.
    public var classNames: [String] { description.classNames }
}
