/// Why bytes are not a protobuf message.
enum ProtobufError: Error, Equatable {
    /// A field's length, or a number, runs past the message's end, which is at this byte of the file.
    case truncated(at: Int)
    /// A field's tag at this byte has no number, or a wire type that protobuf does not have any more.
    case invalidTag(at: Int)
    /// A field has another wire type than its message says.
    case wireType(field: Int, at: Int)
    case invalidUTF8(field: Int, at: Int)
}

/// Reads the fields of one protobuf message, in the order in which they come. Encoding: protobuf.dev/programming-guides/encoding.
///
/// Nested messages are read by readers of their slices, so that no recursion is deeper than the messages that a program knows.
struct ProtobufReader {
    /// One field: its number and what it holds.
    struct Field {
        let number: Int
        let value: Value
        let position: Int
    }

    enum Value {
        case varint(UInt64)
        case fixed32(UInt32)
        case fixed64(UInt64)
        case bytes(ArraySlice<UInt8>)
    }

    private let bytes: ArraySlice<UInt8>
    private var position: Int

    init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
        position = bytes.startIndex
    }

    /// The next field, or nil at the message's end.
    mutating func next() throws(ProtobufError) -> Field? {
        guard position < bytes.endIndex else { return nil }
        let start = position
        let tag = try varint()
        guard tag >> 3 > 0, tag >> 3 < 1 << 29 else { throw .invalidTag(at: start) }
        let value: Value
        switch tag & 7 {
        case 0: value = .varint(try varint())
        case 1: value = .fixed64(try fixed(8))
        case 2:
            let count = try varint()
            guard count <= UInt64(bytes.endIndex - position) else { throw .truncated(at: bytes.endIndex) }
            value = .bytes(bytes[position..<position + Int(count)])
            position += Int(count)
        case 5: value = .fixed32(UInt32(truncatingIfNeeded: try fixed(4)))
        default: throw .invalidTag(at: start)
        }
        return Field(number: Int(tag >> 3), value: value, position: start)
    }

    private mutating func varint() throws(ProtobufError) -> UInt64 {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 70, by: 7) {
            guard position < bytes.endIndex else { throw .truncated(at: bytes.endIndex) }
            let byte = bytes[position]
            position += 1
            value |= UInt64(byte & 127) << shift
            if byte < 128 { return value }
        }
        throw .invalidTag(at: position)
    }

    private mutating func fixed(_ count: Int) throws(ProtobufError) -> UInt64 {
        guard bytes.endIndex - position >= count else { throw .truncated(at: bytes.endIndex) }
        defer { position += count }
        return bytes[position..<position + count].reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
}

extension ProtobufReader.Field {
    /// An integer of any type; negative ones are ten bytes long.
    func integer() throws(ProtobufError) -> Int64 {
        guard case .varint(let value) = value else { throw .wireType(field: number, at: position) }
        return Int64(bitPattern: value)
    }

    func float() throws(ProtobufError) -> Float {
        guard case .fixed32(let value) = value else { throw .wireType(field: number, at: position) }
        return Float(bitPattern: value)
    }

    func bytes() throws(ProtobufError) -> ArraySlice<UInt8> {
        guard case .bytes(let bytes) = value else { throw .wireType(field: number, at: position) }
        return bytes
    }

    func string() throws(ProtobufError) -> String {
        guard let text = validated(try bytes()) else { throw .invalidUTF8(field: number, at: position) }
        return text
    }

    /// Appends one integer, or as many as are packed.
    func append(to values: inout [Int64]) throws(ProtobufError) {
        guard case .bytes(let packed) = value else { return values.append(try integer()) }
        var reader = ProtobufReader(packed)
        while let value = try reader.packedVarint() { values.append(Int64(bitPattern: value)) }
    }

    /// Appends one float, or as many as are packed.
    func append(to values: inout [Float]) throws(ProtobufError) {
        guard case .bytes(let packed) = value else { return values.append(try float()) }
        guard packed.count % 4 == 0 else { throw .truncated(at: packed.endIndex) }
        values += packed.littleEndian(UInt32.self).map(Float.init(bitPattern:))
    }

    /// Appends one double, or as many as are packed.
    func append(to values: inout [Double]) throws(ProtobufError) {
        switch value {
        case .fixed64(let bits): values.append(Double(bitPattern: bits))
        case .bytes(let packed) where packed.count % 8 == 0: values += packed.littleEndian(UInt64.self).map(Double.init(bitPattern:))
        default: throw .wireType(field: number, at: position)
        }
    }
}

extension ProtobufReader {
    fileprivate mutating func packedVarint() throws(ProtobufError) -> UInt64? {
        position < bytes.endIndex ? try varint() : nil
    }
}

extension ArraySlice<UInt8> {
    /// Its bytes as little-endian integers; what is left over at the end is not.
    func littleEndian<Integer: FixedWidthInteger>(_: Integer.Type) -> [Integer] {
        withUnsafeBytes { bytes in
            (0..<bytes.count / MemoryLayout<Integer>.size).map {
                Integer(littleEndian: bytes.loadUnaligned(fromByteOffset: $0 * MemoryLayout<Integer>.size, as: Integer.self))
            }
        }
    }
}

/// The text that `bytes` are in UTF-8, or nil.
private func validated(_ bytes: ArraySlice<UInt8>) -> String? {
    let text = String(decoding: bytes, as: UTF8.self)
    return text.utf8.elementsEqual(bytes) ? text : nil
}
