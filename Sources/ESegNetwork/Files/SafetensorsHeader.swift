/// The header of a safetensors file: its length as a little-endian UInt64, then JSON, then the tensors' data.
struct SafetensorsHeader {
    private(set) var metadata: [String: String] = [:]
    private(set) var tensors: [String: TensorEntry] = [:]

    static let lengthSize = 8
    static let maximumLength = 16 << 20
    private static let maximumRank = 8
    private static let maximumNameLength = 512

    /// Reads and checks the whole header.
    init(_ file: WholeFile) throws(NetworkError) {
        let json = try Self.json(file)
        let root = try JSONValue(parsing: file.withBytes { Array($0[json]) }, file: file.path, field: "header")
        guard case .object(let members) = root else {
            throw NetworkError(file: file.path, field: "header", found: root.summary, expected: "an object")
        }
        for member in members {
            if member.key == "__metadata__" {
                metadata = try Self.metadata(member.value, file: file.path)
            } else {
                tensors[member.key] = try Self.entry(member, data: json.upperBound..<file.count, file: file.path)
            }
        }
        try checkTiling(data: json.upperBound..<file.count, file: file.path)
    }

    /// Where the file's JSON is. Throws if its length is not within the file.
    static func json(_ file: WholeFile) throws(NetworkError) -> Range<Int> {
        guard file.count >= lengthSize else {
            throw NetworkError(
                file: file.path, field: "file", found: "\(file.count) bytes", expected: "a safetensors file of at least 8 bytes")
        }
        let length = UInt64(littleEndian: file.withBytes { $0.loadUnaligned(as: UInt64.self) })
        let limit = min(file.count - lengthSize, maximumLength)
        guard length >= 2, length <= UInt64(limit) else {
            throw NetworkError(
                file: file.path, field: "header length", found: "\(length)",
                expected: "2...\(max(2, limit)) in a file of \(file.count) bytes")
        }
        return lengthSize..<lengthSize + Int(length)
    }

    private static func metadata(_ value: JSONValue, file: String) throws(NetworkError) -> [String: String] {
        guard case .object(let members) = value else {
            throw NetworkError(file: file, field: "__metadata__", found: value.summary, expected: "an object of strings")
        }
        var metadata: [String: String] = [:]
        for member in members {
            guard case .string(let text) = member.value else {
                throw NetworkError(file: file, field: "__metadata__.\(member.key)", found: member.value.summary, expected: "a string")
            }
            metadata[member.key] = text
        }
        return metadata
    }

    private static func entry(_ member: JSONValue.Member, data: Range<Int>, file: String) throws(NetworkError) -> TensorEntry {
        let name = member.key
        guard !name.isEmpty, name.utf8.count <= maximumNameLength, name.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7F })
        else {
            throw NetworkError(
                file: file, field: "tensor name", found: quoted(name),
                expected: "1...\(maximumNameLength) bytes without control characters")
        }
        var fields = try JSONFields(member.value, file: file, path: "tensor \(name)")
        let type: ElementType = try fields.choice("dtype")
        let shape = try fields.integers("shape", count: 0...maximumRank, in: 0...Int.max)
        let offsets = try fields.integers("data_offsets", count: 2...2, in: 0...data.count)
        try fields.end()
        guard offsets[0] <= offsets[1] else {
            throw fields.error("data_offsets", found: "\(offsets)", expected: "a begin that is not after the end")
        }
        guard let size = byteCount(shape, type) else {
            throw fields.error("shape", found: "\(shape)", expected: "a size that fits in memory")
        }
        guard offsets[1] - offsets[0] == size else {
            throw fields.error(
                "data_offsets", found: "\(offsets[1] - offsets[0]) bytes", expected: "\(size) bytes for \(type.rawValue) \(shape)")
        }
        return TensorEntry(type: type, shape: shape, bytes: data.lowerBound + offsets[0]..<data.lowerBound + offsets[1])
    }

    /// The bytes of a tensor, or nil if an Int cannot hold the product of its non-zero dimensions.
    private static func byteCount(_ shape: [Int], _ type: ElementType) -> Int? {
        var count = type.size
        for size in shape where size != 0 {
            let (product, overflow) = count.multipliedReportingOverflow(by: size)
            guard !overflow else { return nil }
            count = product
        }
        return shape.contains(0) ? 0 : count
    }

    private func checkTiling(data: Range<Int>, file: String) throws(NetworkError) {
        var end = data.lowerBound
        let inOrder = tensors.sorted { a, b in
            (a.value.bytes.lowerBound, a.value.bytes.upperBound, a.key) < (b.value.bytes.lowerBound, b.value.bytes.upperBound, b.key)
        }
        for (name, entry) in inOrder {
            guard entry.bytes.lowerBound == end else {
                let problem = entry.bytes.lowerBound < end ? "an overlap with the tensor before" : "a gap before"
                throw NetworkError(
                    file: file, field: "tensor \(name): data_offsets", found: "\(entry.bytes.lowerBound - data.lowerBound), \(problem)",
                    expected: "\(end - data.lowerBound)")
            }
            end = entry.bytes.upperBound
        }
        guard end == data.upperBound else {
            throw NetworkError(
                file: file, field: "file", found: "\(data.count) bytes of data",
                expected: "\(end - data.lowerBound), where the last tensor ends")
        }
    }
}
