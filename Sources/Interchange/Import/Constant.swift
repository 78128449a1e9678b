import ESegNetwork

/// A constant tensor of an ONNX graph: an initializer, a Constant node's value, or what was computed from such.
struct Constant: Equatable {
    /// Most dimensions of a constant.
    static let maximumRank = 8

    enum Values: Equatable {
        case floats([Float])
        case ints([Int])

        var count: Int {
            switch self {
            case .floats(let values): values.count
            case .ints(let values): values.count
            }
        }
    }

    /// Extents; empty for a scalar.
    var shape: [Int]
    /// Row-major, as many as `shape` says.
    var values: Values

    /// The values as floats, whatever their type.
    var floats: [Float] {
        switch values {
        case .floats(let values): values
        case .ints(let values): values.map { Float($0) }
        }
    }

    /// The integers, or nil where it has others.
    var ints: [Int]? {
        if case .ints(let values) = values { values } else { nil }
    }
}

extension Constant {
    /// A shape's product, or nil where an extent is negative or the product more than 2^31. That of some extents is not more either: where
    /// one is 0, so that no file bounds the others, those have a product of at most 2^20.
    static func count(_ shape: [Int]) -> Int? {
        let isEmpty = shape.contains(0)
        var count = 1
        for extent in shape where extent != 0 {
            guard extent > 0 else { return nil }
            let (product, overflow) = count.multipliedReportingOverflow(by: extent)
            guard !overflow, product <= (isEmpty ? 1 << 20 : 1 << 31) else { return nil }
            count = product
        }
        return isEmpty ? 0 : count
    }

    /// Decodes a tensor. `place` says where it is, in errors. Throws for types, sizes and places that are not supported.
    init(_ tensor: ONNX.Tensor, file: String, place: String) throws(NetworkError) {
        func error(_ field: String, _ found: String, _ expected: String) -> NetworkError {
            NetworkError(file: file, field: "\(place): \(field)", found: found, expected: expected)
        }
        guard !tensor.isExternal else { throw error("data", "external data", "values that were read with the model's file") }
        let shape = tensor.dims.map { Int(truncatingIfNeeded: $0) }
        guard shape.count <= Self.maximumRank, let count = Self.count(shape) else {
            throw error("dims", "\(tensor.dims)", "at most 2^31 elements")
        }
        guard let values = Self.values(tensor) else {
            let name = ONNX.ElementType(rawValue: tensor.type).map { "\($0)" } ?? "\(tensor.type)"
            throw error("data_type", name, "float, float16, bfloat16, double, int32, int64, or smaller integers")
        }
        if let size = ONNX.ElementType(rawValue: tensor.type)?.size, !tensor.raw.isEmpty, tensor.raw.count != count * size {
            throw error("data", "\(tensor.raw.count) bytes", "\(count * size), as dims \(shape) say")
        }
        guard values.count == count else { throw error("data", "\(values.count) elements", "\(count), as dims \(shape) say") }
        self.init(shape: shape, values: values)
    }

    private static func values(_ tensor: ONNX.Tensor) -> Values? {
        let raw = tensor.raw.isEmpty ? nil : tensor.raw
        switch ONNX.ElementType(rawValue: tensor.type) {
        case .float: return .floats(raw?.littleEndian(UInt32.self).map { Float(bitPattern: $0) } ?? tensor.floats)
        case .double: return .floats((raw?.littleEndian(UInt64.self).map { Double(bitPattern: $0) } ?? tensor.doubles).map { Float($0) })
        case .float16: return .floats((raw?.littleEndian(UInt16.self) ?? tensor.ints.map { UInt16(truncatingIfNeeded: $0) }).map(half))
        case .bfloat16:
            let bits = raw?.littleEndian(UInt16.self) ?? tensor.ints.map { UInt16(truncatingIfNeeded: $0) }
            return .floats(bits.map { Float(bitPattern: UInt32($0) << 16) })
        case .int64: return .ints((raw?.littleEndian(Int64.self) ?? tensor.longs).map { Int($0) })
        case .int32: return .ints(raw?.littleEndian(Int32.self).map { Int($0) } ?? tensor.ints.map { Int($0) })
        case .uint16: return .ints(raw?.littleEndian(UInt16.self).map { Int($0) } ?? tensor.ints.map { Int($0) })
        case .int16: return .ints(raw?.littleEndian(Int16.self).map { Int($0) } ?? tensor.ints.map { Int($0) })
        case .int8: return .ints(raw?.littleEndian(Int8.self).map { Int($0) } ?? tensor.ints.map { Int($0) })
        case .uint8, .bool: return .ints(raw?.littleEndian(UInt8.self).map { Int($0) } ?? tensor.ints.map { Int($0) })
        default: return nil
        }
    }

    /// The number that float16 bits stand for.
    private static func half(_ bits: UInt16) -> Float {
        let (sign, exponent, fraction) = (bits >> 15, Int(bits >> 10 & 31), Float(bits & 1023) / 1024)
        let magnitude: Float =
            switch exponent {
            case 0: Float(sign: .plus, exponent: -14, significand: 1) * fraction
            case 31: fraction == 0 ? .infinity : .nan
            default: Float(sign: .plus, exponent: exponent - 15, significand: 1) * (1 + fraction)
            }
        return sign == 0 ? magnitude : -magnitude
    }
}
