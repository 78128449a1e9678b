/// The hyper-parameters that define an ESeg network: the `config` of a weight file.
public struct ESegConfig: Sendable, Equatable {
    public var name: String
    /// EfficientNet width multiplier.
    public var width: Double
    /// EfficientNet depth multiplier.
    public var depth: Double
    public var block: Block
    public var activation: Activation
    public var squeezeExcite: Bool
    /// The stem stays 32 channels, and the first and last stages keep their repeats.
    public var liteScaling: Bool
    /// Every backbone kernel is 3×3.
    public var forceKernel3: Bool
    public var fpnChannels: Int
    public var fpnRepeats: Int
    public var minLevel: Int
    public var maxLevel: Int
    public var classes: Int
    /// Mean and standard deviation of pixel/255, per channel R, G, B.
    public var mean: [Float]
    public var std: [Float]

    public enum Block: String, Sendable, CaseIterable {
        case mbconv, fused
    }

    public init(
        name: String, width: Double, depth: Double, block: Block, activation: Activation, squeezeExcite: Bool, liteScaling: Bool,
        forceKernel3: Bool, fpnChannels: Int, fpnRepeats: Int, minLevel: Int = 2, maxLevel: Int = 9, classes: Int,
        mean: [Float] = [0.485, 0.456, 0.406], std: [Float] = [0.229, 0.224, 0.225]
    ) {
        self.name = name
        self.width = width
        self.depth = depth
        self.block = block
        self.activation = activation
        self.squeezeExcite = squeezeExcite
        self.liteScaling = liteScaling
        self.forceKernel3 = forceKernel3
        self.fpnChannels = fpnChannels
        self.fpnRepeats = fpnRepeats
        self.minLevel = minLevel
        self.maxLevel = maxLevel
        self.classes = classes
        self.mean = mean
        self.std = std
    }
}
