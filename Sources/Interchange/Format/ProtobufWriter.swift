/// Writes the fields of one protobuf message. As in proto3, numbers that are 0 and strings that are empty are left out.
struct ProtobufWriter {
    private(set) var bytes: [UInt8] = []

    mutating func integer(_ field: UInt64, _ value: Int64) {
        guard value != 0 else { return }
        varint(field << 3)
        varint(UInt64(bitPattern: value))
    }

    mutating func string(_ field: UInt64, _ value: String) {
        guard !value.isEmpty else { return }
        always(field, value.utf8)
    }

    /// An element of a list, which may be empty.
    mutating func element(_ field: UInt64, _ value: String) { always(field, value.utf8) }

    mutating func packed(_ field: UInt64, _ values: [Int64]) {
        guard !values.isEmpty else { return }
        message(field) { writer in for value in values { writer.varint(UInt64(bitPattern: value)) } }
    }

    mutating func packed(_ field: UInt64, _ values: [Float]) {
        guard !values.isEmpty else { return }
        always(field, values.flatMap { float in (0..<4).map { UInt8(truncatingIfNeeded: float.bitPattern >> (8 * $0)) } })
    }

    mutating func float(_ field: UInt64, _ value: Float) {
        varint(field << 3 | 5)
        for shift in stride(from: 0, to: 32, by: 8) { bytes.append(UInt8(truncatingIfNeeded: value.bitPattern >> shift)) }
    }

    mutating func data(_ field: UInt64, _ value: ArraySlice<UInt8>) { always(field, value) }

    mutating func message(_ field: UInt64, _ body: (inout ProtobufWriter) -> Void) {
        var writer = ProtobufWriter()
        body(&writer)
        always(field, writer.bytes)
    }

    private mutating func always(_ field: UInt64, _ value: some Collection<UInt8>) {
        varint(field << 3 | 2)
        varint(UInt64(value.count))
        bytes += value
    }

    private mutating func varint(_ value: UInt64) {
        var rest = value
        while rest >= 128 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 128)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }
}
