/// A folded network as data: operations in topological order, from the image to the logits.
///
/// Batch normalization is folded into the convolutions and activations are part of the operation before them. Bilinear upsampling of the
/// logits to the image's size and the argmax follow the last node and are not nodes themselves.
public struct Graph: Sendable, Equatable {
    /// `nodes[0]` is the image; the last node gives the logits.
    public var nodes: [Node]

    public init(nodes: [Node]) { self.nodes = nodes }
}

/// One operation of a `Graph`, with one output tensor.
public struct Node: Sendable, Equatable {
    /// The module path in the weight file, for example `backbone.stages.1.0.expand`; unique in its graph.
    public var name: String
    public var operation: Operation
    /// Indices of earlier nodes whose outputs this one reads.
    public var inputs: [Int]

    public init(name: String, operation: Operation, inputs: [Int]) {
        self.name = name
        self.operation = operation
        self.inputs = inputs
    }

    /// Channels of the output.
    public var channels: Int { operation.channels }
    /// Inputs whose values it reads; it needs only the size of the others.
    package var valueInputs: ArraySlice<Int> { inputs[operation.described.valueInputs(inputs.count)] }
    /// Inputs whose channels are the output's, one for one.
    package var tiedInputs: ArraySlice<Int> { inputs[operation.described.tiedInputs(inputs.count)] }
}

/// Size of a feature map, in pixels and channels.
public struct Shape: Sendable, Equatable {
    public var height: Int
    public var width: Int
    public var channels: Int

    public init(height: Int, width: Int, channels: Int) {
        self.height = height
        self.width = width
        self.channels = channels
    }
    public var pixels: Int { height * width }
    public var count: Int { height * width * channels }
    var size: MapSize { MapSize(height: height, width: width) }
}

extension MapSize: CustomStringConvertible {
    public var description: String { "\(width)x\(height)" }
}
