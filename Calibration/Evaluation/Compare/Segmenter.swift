import ESegRuntime

/// A float network as ``Comparer`` needs it.
public protocol FloatSegmenter {
    /// Bytes of arena and weights after the last frame.
    var peakBytes: Int { get }
    /// The class of every pixel of the image.
    mutating func segment(_ image: RGBImage) throws -> TimedClassMap
    /// Calls `visit` with each node's output, [height][width][channels], in the graph's order.
    mutating func inspect(_ image: RGBImage, visit: (_ node: Int, _ values: UnsafeBufferPointer<Float>) -> Void) throws
}

/// An int8 network as ``Comparer`` needs it.
public protocol QuantizedSegmenter {
    /// Bytes of arena and weights after the last frame.
    var peakBytes: Int { get }
    /// The class of every pixel of the image.
    mutating func segment(_ image: RGBImage) throws -> TimedClassMap
    /// Runs the network so that it can be asked for each node's output in real numbers, [height][width][channels]; none where that is not
    /// worth comparing. The answers hold until the next call of a method.
    mutating func inspect(_ image: RGBImage) throws -> (_ node: Int) -> [Float]
}
