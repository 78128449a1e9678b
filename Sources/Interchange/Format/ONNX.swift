/// The part of ONNX's model format that this project reads and writes: messages and fields of onnx.proto of github.com/onnx/onnx. Other
/// fields are skipped when a file is read; where they could change what a network computes, the nodes that have them are refused.
///
/// The code is by hand, not by swift-protobuf: that package and what it generates need Swift 6.1, and this one builds with Debian's 6.0.
enum ONNX {
    struct Model {
        var irVersion: Int64 = 0
        var producer = ""
        var graph = Graph()
        /// Versions of operator sets by domain; "" is ONNX's own.
        var operatorSets: [String: Int64] = [:]
        var metadata: [String: String] = [:]
    }

    struct Graph {
        var name = ""
        var nodes: [Node] = []
        var initializers: [Tensor] = []
        var inputs: [ValueInfo] = []
        var outputs: [ValueInfo] = []
    }

    struct Node {
        var name = ""
        var operation = ""
        var domain = ""
        var inputs: [String] = []
        var outputs: [String] = []
        var attributes: [Attribute] = []
    }

    struct Attribute {
        var name = ""
        var value = Value.none

        enum Value {
            case none
            case float(Float)
            case int(Int64)
            case string(String)
            case tensor(Tensor)
            case floats([Float])
            case ints([Int64])
        }
    }

    struct Tensor {
        var name = ""
        var dims: [Int64] = []
        var type: Int64 = 0
        /// Whether another file has the values.
        var isExternal = false
        /// Where that is: `location`, `offset` and `length`.
        var external: [String: String] = [:]
        /// Little-endian values; where empty, one of the lists has them.
        var raw: ArraySlice<UInt8> = []
        var floats: [Float] = []
        var doubles: [Double] = []
        /// Values of all integer types up to 32 bits, and the bits of float16 and bfloat16.
        var ints: [Int64] = []
        var longs: [Int64] = []
    }

    /// A graph's input or output. No dimensions are known where the file has none.
    struct ValueInfo {
        var name = ""
        var type: Int64 = 0
        var dims: [Dimension]?
    }

    enum Dimension: Equatable {
        case fixed(Int64)
        case free(String)
    }

    /// Numbers of element types.
    enum ElementType: Int64 {
        case float = 1
        case uint8, int8, uint16, int16, int32, int64, string, bool, float16, double
        case bfloat16 = 16

        /// Bytes of an element; strings have none of their own.
        var size: Int {
            switch self {
            case .string: 0
            case .uint8, .int8, .bool: 1
            case .uint16, .int16, .float16, .bfloat16: 2
            case .float, .int32: 4
            case .int64, .double: 8
            }
        }
    }
}
