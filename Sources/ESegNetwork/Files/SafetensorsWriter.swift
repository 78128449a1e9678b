/// Builds a safetensors file in memory: tensors, largest elements first so that each is aligned, and metadata sorted by key.
public struct SafetensorsWriter {
    public var metadata: [String: String]
    private var tensors: [Tensor] = []
    private var names: Set<String> = ["__metadata__"]

    private struct Tensor {
        let name: String
        let type: ElementType
        let shape: [Int]
        let bytes: [UInt8]
    }

    public init(metadata: [String: String] = [:]) { self.metadata = metadata }

    /// Adds a tensor of `shape`, row-major. Throws if the name is taken or reserved or the count is not the shape's.
    public mutating func add<Element: TensorElement>(_ name: String, shape: [Int], values: [Element]) throws(NetworkError) {
        guard shape.allSatisfy({ $0 >= 0 }), shape.reduce(1, *) == values.count else {
            throw NetworkError(file: "tensor \(name)", field: "shape", found: "\(shape)", expected: "the shape of \(values.count) values")
        }
        try add(name, type: Element.elementType, shape: shape, bytes: values.withUnsafeBytes { Array($0) })
    }

    /// Adds a tensor given as bytes, for the types that Swift has no values of.
    public mutating func add(_ name: String, type: ElementType, shape: [Int], bytes: [UInt8]) throws(NetworkError) {
        guard names.insert(name).inserted else {
            throw NetworkError(file: "tensor \(name)", field: "name", found: "one that is taken", expected: "a new name")
        }
        tensors.append(Tensor(name: name, type: type, shape: shape, bytes: bytes))
    }

    /// Writes the file: whole or not at all. Throws what the system reports.
    public func write(to path: String) throws(NetworkError) { try Self.write(pieces(), to: path) }

    static func write(_ pieces: [[UInt8]], to path: String) throws(NetworkError) {
        try AtomicFile.write(to: path) { (output) throws(NetworkError) in
            for piece in pieces { try output.write(piece) }
        }
    }

    /// The file's bytes: first the header with its length, a multiple of 8 bytes, then each tensor's.
    func pieces() -> [[UInt8]] {
        let inOrder = tensors.sorted { ($1.type.size, $0.name) < ($0.type.size, $1.name) }
        let pairs = metadata.sorted { $0.key < $1.key }.map { JSONValue.Member(key: $0.key, value: .string($0.value)) }
        var members = pairs.isEmpty ? [] : [JSONValue.Member(key: "__metadata__", value: .object(pairs))]
        var offset = 0
        for tensor in inOrder {
            let end = offset + tensor.bytes.count
            let entry: JSONValue = [
                "dtype": .string(tensor.type.rawValue), "shape": .array(tensor.shape.map(JSONValue.integer)),
                "data_offsets": .array([.integer(offset), .integer(end)]),
            ]
            members.append(JSONValue.Member(key: tensor.name, value: entry))
            offset = end
        }
        var json = Array(JSONValue.object(members).text.utf8)
        json += [UInt8](repeating: UInt8(ascii: " "), count: (8 - json.count % 8) % 8)
        let length = withUnsafeBytes(of: UInt64(json.count).littleEndian) { Array($0) }
        return [length + json] + inOrder.map(\.bytes)
    }
}
