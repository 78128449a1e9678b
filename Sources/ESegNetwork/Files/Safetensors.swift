import Kernels

/// A safetensors file, its header checked in full: shapes, types, and that the tensors tile the data without overlap or gap.
public struct Safetensors: Sendable {
    public let path: String
    public let metadata: [String: String]
    public let tensors: [String: TensorEntry]
    private let file: WholeFile

    /// Reads the file and checks its header. Throws naming the file, the field, and what was expected.
    public init(contentsOf path: String) throws(NetworkError) {
        try self.init(WholeFile(path))
    }

    init(_ file: WholeFile) throws(NetworkError) {
        let header = try SafetensorsHeader(file)
        path = file.path
        metadata = header.metadata
        tensors = header.tensors
        self.file = file
    }

    /// The values of an F32, F16 or BF16 tensor, exactly. Throws if it is missing or of another type.
    public func floats(_ name: String) throws(NetworkError) -> FloatTensor {
        let entry = try entry(name)
        let count = entry.shape.reduce(1, *)
        guard [.float32, .float16, .bfloat16].contains(entry.type) else {
            throw error(name, "dtype", found: entry.type.rawValue, expected: "F32, F16 or BF16")
        }
        let values = [Float](unsafeUninitializedCapacity: count) { values, initialized in
            file.withBytes { bytes in
                guard let target = values.baseAddress, let source = bytes.baseAddress.map({ $0 + entry.bytes.lowerBound }) else { return }
                switch entry.type {
                case .float16: eseg_f16_to_f32(source, count, target)
                case .bfloat16: eseg_bf16_to_f32(source, count, target)
                default: UnsafeMutableRawPointer(target).copyMemory(from: source, byteCount: entry.bytes.count)
                }
            }
            initialized = count
        }
        return FloatTensor(shape: entry.shape, values: values)
    }

    /// The values of a tensor of exactly that element type. Throws if it is missing or of another type.
    public func values<Element: TensorElement>(_ name: String, as type: Element.Type = Element.self) throws(NetworkError) -> [Element] {
        let entry = try entry(name)
        guard entry.type == Element.elementType else {
            throw error(name, "dtype", found: entry.type.rawValue, expected: Element.elementType.rawValue)
        }
        let count = entry.bytes.count / entry.type.size
        return [Element](unsafeUninitializedCapacity: count) { values, initialized in
            file.withBytes { bytes in
                guard let target = values.baseAddress, let source = bytes.baseAddress else { return }
                UnsafeMutableRawPointer(target).copyMemory(from: source + entry.bytes.lowerBound, byteCount: entry.bytes.count)
            }
            initialized = count
        }
    }

    /// The entry of that name. Throws if there is none.
    public func entry(_ name: String) throws(NetworkError) -> TensorEntry {
        guard let entry = tensors[name] else {
            throw NetworkError(file: path, field: "tensor \(name)", found: "nothing", expected: "a tensor of that name")
        }
        return entry
    }

    package func error(_ tensor: String, _ field: String, found: String, expected: String) -> NetworkError {
        NetworkError(file: path, field: "tensor \(tensor): \(field)", found: found, expected: expected)
    }
}

/// Where and what a tensor of a safetensors file is.
public struct TensorEntry: Sendable, Equatable {
    public let type: ElementType
    public let shape: [Int]
    /// Position in the file; its count is the product of `shape` times the element's size.
    public let bytes: Range<Int>
}
