import Kernels

public enum QuantizedWeights: Sendable, Equatable {
    /// Values in −127...127.
    case int8([Int8])
    /// Values in −32639...32639, so that value = 256·high + low with both in int8 range.
    case int16([Int16])

    public var count: Int {
        switch self {
        case .int8(let values): values.count
        case .int16(let values): values.count
        }
    }
}

extension QuantizedWeights {
    package var type: String {
        switch self {
        case .int8: "int8"
        case .int16: "int16"
        }
    }

    /// Reads a node's weights, of whichever type they are.
    init(_ reader: inout LayerReader) throws(NetworkError) {
        let name = reader.node.name + ".weight", shape = reader.node.operation.weightShape
        switch try reader.file.entry(name).type {
        case .int8: self = .int8(try reader.values("weight", shape: shape))
        case .int16: self = .int16(try reader.values("weight", shape: shape))
        case let other: throw reader.file.error(name, "dtype", found: other.rawValue, expected: "I8 or I16")
        }
    }

    /// The greatest magnitude that their type may have.
    var limit: Int32 {
        switch self {
        case .int8: QuantizedNetwork.Limits.int8Weight
        case .int16: QuantizedNetwork.Limits.int16Weight
        }
    }

    var greatestMagnitude: Int32 {
        switch self {
        case .int8(let values): eseg_greatest_magnitude_i8(values, values.count)
        case .int16(let values): eseg_greatest_magnitude_i16(values, values.count)
        }
    }

    /// Σ|w| of each output channel.
    func sumsOfMagnitudes(channels: Int) -> [UInt64] {
        let length = count / max(1, channels)
        return [UInt64](unsafeUninitializedCapacity: channels) { sums, initialized in
            switch self {
            case .int8(let values): eseg_sums_of_magnitudes_i8(values, channels, length, sums.baseAddress)
            case .int16(let values): eseg_sums_of_magnitudes_i16(values, channels, length, sums.baseAddress)
            }
            initialized = channels
        }
    }
}
