/// An int8 network as data: the content of an `.eseg` file. The arithmetic of each operation is specified beside its parameters.
///
/// Notation: q is an 8-bit code, real = scale · (q − zeroPoint); `rne` rounds to the nearest int32, ties to even; sat8 and sat16 saturate
/// to [0, 255] and [−32768, 32767]; all float operations are single IEEE-754 binary32 operations, never contracted.
///
/// That is the arithmetic of nodes whose inputs and output have 8 bits, and of a convolution that gives the logits and reads 8 bits. The others are int16:
/// `isInt16` specifies them.
public struct QuantizedNetwork: Sendable, Equatable {
    public var graph: Graph
    public var description: NetworkDescription
    /// The config that the graph was built from, as only the builder's family reads it; nil where none was.
    public var familyConfig: JSONValue?
    /// Quantization of each node's output, parallel to `graph.nodes`. The logits' codes are int16; the image's entry is scale 1,
    /// zero point 0: pixels enter as they are.
    public var outputs: [Quantization]
    /// Parameters of each node, parallel to `graph.nodes`.
    public var layers: [QuantizedLayer]
    /// How equalization scales each node's output, parallel to `graph.nodes`.
    public var channelScalings: [ChannelScaling]
    /// How each node's codes were chosen, parallel to `graph.nodes`; nil where that is not known.
    public var records: [NodeRecord?]
    /// How the file came to be, shown by `inspect`: free text values by key, sorted when written.
    public var provenance: [String: String]

    /// Without channel scalings and records there are none.
    public init(
        graph: Graph, description: NetworkDescription, familyConfig: JSONValue? = nil, outputs: [Quantization], layers: [QuantizedLayer],
        channelScalings: [ChannelScaling]? = nil, records: [NodeRecord?]? = nil, provenance: [String: String]
    ) {
        self.graph = graph
        self.description = description
        self.familyConfig = familyConfig
        self.outputs = outputs
        self.layers = layers
        self.channelScalings = channelScalings ?? graph.nodes.map { ChannelScaling(channels: $0.channels) }
        self.records = records ?? graph.nodes.map { _ in nil }
        self.provenance = provenance
    }

    /// One name for each class index.
    public var classNames: [String] { description.classNames }
}
