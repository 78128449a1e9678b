/// Affine quantization of one tensor: real = scale · (code − zeroPoint).
public struct Quantization: Sendable, Equatable {
    /// Finite and greater than zero.
    public var scale: Float
    /// 0 where codes are int16.
    public var zeroPoint: UInt8
    public var precision: Precision

    public init(scale: Float, zeroPoint: UInt8, precision: Precision = .uint8) {
        self.scale = scale
        self.zeroPoint = zeroPoint
        self.precision = precision
    }
}

/// The type of a tensor's codes.
public enum Precision: String, Sendable, Equatable, CaseIterable {
    case uint8, int16

    /// 8-bit codes and zero points.
    static let codes = 0...Int(UInt8.max)

    /// The greatest |code − zeroPoint|.
    public var reach: Double {
        switch self {
        case .uint8: 255
        case .int16: 32768
        }
    }
}
