import ESegNetwork
import ESegRuntime

/// A float network as ``Comparer`` needs it.
public protocol FloatSegmenter {
    /// Bytes of arena and weights after the last frame.
    var peakBytes: Int { get }
    /// The class of every pixel, as fast as the network can.
    mutating func segment(_ image: RGBImage) throws -> ClassMap
    /// Calls `observe` with each node's output, [height][width][channels], in the graph's order.
    mutating func observe(_ image: RGBImage, observe: (_ node: Int, _ values: UnsafeBufferPointer<Float>) -> Void) throws
}

/// An int8 network as ``Comparer`` needs it.
public protocol QuantizedSegmenter {
    /// Bytes of arena and weights after the last frame.
    var peakBytes: Int { get }
    /// The class of every pixel, as fast as the network can.
    mutating func segment(_ image: RGBImage) throws -> ClassMap
    /// Node outputs, [height][width][channels], by index in the graph; nodes that are not worth comparing may be absent.
    mutating func outputs(_ image: RGBImage) throws -> [Int: QuantizedValues]
}

/// A tensor's codes and what they mean.
public struct QuantizedValues: Sendable, Equatable {
    public var codes: Codes
    public var quantization: Quantization

    public enum Codes: Sendable, Equatable {
        case uint8([UInt8])
        case int16([Int16])
    }

    public init(codes: Codes, quantization: Quantization) {
        self.codes = codes
        self.quantization = quantization
    }

    /// scale · (code − zeroPoint).
    public var real: [Float] {
        switch codes {
        case .uint8(let codes): codes.map { quantization.scale * Float(Int32($0) - Int32(quantization.zeroPoint)) }
        case .int16(let codes): codes.map { quantization.scale * Float(Int32($0) - Int32(quantization.zeroPoint)) }
        }
    }
}
