/// A safetensors element type that this package reads and writes.
public enum ElementType: String, Sendable, CaseIterable {
    case float64 = "F64"
    case float32 = "F32"
    case float16 = "F16"
    case bfloat16 = "BF16"
    case int8 = "I8"
    case uint8 = "U8"
    case int16 = "I16"
    case int32 = "I32"
    case int64 = "I64"

    /// Bytes of one element.
    public var size: Int {
        switch self {
        case .int8, .uint8: 1
        case .float16, .bfloat16, .int16: 2
        case .float32, .int32: 4
        case .float64, .int64: 8
        }
    }
}

/// A Swift type whose values a safetensors file holds as they lie in memory, little-endian.
public protocol TensorElement: BitwiseCopyable, Sendable {
    static var elementType: ElementType { get }
}

#if _endian(big)
    #error("Tensors are little-endian, and so must be the machine.")
#endif

extension Double: TensorElement { public static var elementType: ElementType { .float64 } }
extension Float: TensorElement { public static var elementType: ElementType { .float32 } }
extension Int8: TensorElement { public static var elementType: ElementType { .int8 } }
extension UInt8: TensorElement { public static var elementType: ElementType { .uint8 } }
extension Int16: TensorElement { public static var elementType: ElementType { .int16 } }
extension Int32: TensorElement { public static var elementType: ElementType { .int32 } }
extension Int64: TensorElement { public static var elementType: ElementType { .int64 } }
