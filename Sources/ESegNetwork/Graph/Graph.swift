/// A folded ESeg network as data: operations in topological order, from the image to the logits at a quarter of its size.
///
/// Batch normalisation is folded into the convolutions and activations are part of the operation before them. Bilinear upsampling of the
/// logits to the image's size and the argmax follow the last node and are not nodes themselves.
public struct Graph: Sendable, Equatable {
    /// `nodes[0]` is the image; the last node is the classifier.
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
}

/// What a node computes. All paddings are `kernel / 2`, all output sizes divide by ceil.
public enum Operation: Sendable, Equatable {
    /// The RGB image, normalised as the config says; its only appearance is node 0.
    case image
    /// Dense convolution with bias and activation, to whose result a second input is added if `residual`.
    case convolution(Convolution)
    /// Convolution of each channel by itself, with bias.
    case depthwise(Depthwise)
    /// x · sigmoid(expand(silu(reduce(mean(x))))), one gate per channel.
    case squeezeExcite(channels: Int, squeezed: Int)
    /// Maximum over 3×3 at stride 2; what lies outside the map does not count.
    case maxPool(channels: Int)
    /// Weighted sum of resampled maps of one pyramid level and its neighbours.
    case fusion(Fusion)
    /// y = w[top]·P[top]; then downwards y = w[i]·P[i] + nearestUpsample(y). Inputs run from the finest level to the coarsest.
    case pyramidSum(levels: Int, channels: Int)
}

public struct Convolution: Sendable, Equatable {
    public var inputChannels: Int
    public var outputChannels: Int
    public var kernel: Int
    public var stride: Int
    public var activation: Activation
    public var residual: Bool

    public init(inputChannels: Int, outputChannels: Int, kernel: Int, stride: Int, activation: Activation, residual: Bool = false) {
        self.inputChannels = inputChannels
        self.outputChannels = outputChannels
        self.kernel = kernel
        self.stride = stride
        self.activation = activation
        self.residual = residual
    }
}

public struct Depthwise: Sendable, Equatable {
    public var channels: Int
    public var kernel: Int
    public var stride: Int
    public var activation: Activation

    public init(channels: Int, kernel: Int, stride: Int, activation: Activation) {
        self.channels = channels
        self.kernel = kernel
        self.stride = stride
        self.activation = activation
    }
}

public struct Fusion: Sendable, Equatable {
    public var channels: Int
    /// How each input reaches the size of the first, which is always `.same`.
    public var resampling: [Resampling]
    public var activation: Activation

    public init(channels: Int, resampling: [Resampling], activation: Activation) {
        self.channels = channels
        self.resampling = resampling
        self.activation = activation
    }
}

public enum Resampling: String, Sendable, Equatable, CaseIterable {
    case same
    /// Nearest neighbour from the next coarser level: src = floor(dst · in / out).
    case up
    /// 3×3 stride-2 max-pool from the next finer level.
    case down
}

public enum Activation: String, Sendable, Equatable, CaseIterable {
    case none, relu, relu6, silu
    case hardSwish = "hard_swish"

    /// Whether 8-bit codes pass it by a curve (`SiLUCurve`): SiLU and HardSwish are ReLU plus an even function that fades.
    public var isCurved: Bool { self == .silu || self == .hardSwish }
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
}
