import ESegNetwork

extension ONNX.Model {
    /// Reads a model file, and the files beside it that have its tensors' values. Throws naming the file and the byte if it is not a protobuf
    /// message, or not a model, or the tensor whose values are not where it says.
    init(contentsOf path: String) throws(NetworkError) { try self.init(WholeFile(path)) }

    init(_ file: WholeFile) throws(NetworkError) {
        let path = file.path
        guard file.count < 1 << 31 else {
            throw NetworkError(file: path, field: "file", found: "\(file.count) bytes", expected: "less than 2 GiB, as protobuf has it")
        }
        let bytes = file.withBytes { [UInt8]($0) }
        do { try self.init(bytes[...]) } catch {
            throw NetworkError(file: path, field: "protobuf", found: error.description, expected: "an ONNX model")
        }
        guard irVersion > 0, !operatorSets.isEmpty, !graph.nodes.isEmpty else {
            throw NetworkError(
                file: path, field: "model", found: "no IR version, operator set or nodes", expected: "an ONNX model")
        }
        try readExternalData(beside: path)
    }

    init(_ bytes: ArraySlice<UInt8>) throws(ProtobufError) {
        var reader = ProtobufReader(bytes)
        while let field = try reader.next() {
            switch field.number {
            case 1: irVersion = try field.integer()
            case 2: producer = try field.string()
            case 7: graph = try ONNX.Graph(field.bytes())
            case 8:
                let (domain, version) = try Self.operatorSet(field.bytes())
                operatorSets[domain == "ai.onnx" ? "" : domain] = version
            case 14:
                let (key, value) = try ONNX.entry(field.bytes())
                metadata[key] = value
            default: break
            }
        }
    }

    private static func operatorSet(_ bytes: ArraySlice<UInt8>) throws(ProtobufError) -> (String, Int64) {
        var reader = ProtobufReader(bytes), domain = "", version: Int64 = 0
        while let field = try reader.next() {
            if field.number == 1 { domain = try field.string() }
            if field.number == 2 { version = try field.integer() }
        }
        return (domain, version)
    }
}

extension ONNX {
    /// A key and its value.
    fileprivate static func entry(_ bytes: ArraySlice<UInt8>) throws(ProtobufError) -> (String, String) {
        var reader = ProtobufReader(bytes), entry = ("", "")
        while let field = try reader.next() {
            if field.number == 1 { entry.0 = try field.string() }
            if field.number == 2 { entry.1 = try field.string() }
        }
        return entry
    }
}

extension ONNX.Graph {
    init(_ bytes: ArraySlice<UInt8>) throws(ProtobufError) {
        var reader = ProtobufReader(bytes)
        while let field = try reader.next() {
            switch field.number {
            case 1: nodes.append(try ONNX.Node(field.bytes()))
            case 2: name = try field.string()
            case 5: initializers.append(try ONNX.Tensor(field.bytes()))
            case 11: inputs.append(try ONNX.ValueInfo(field.bytes()))
            case 12: outputs.append(try ONNX.ValueInfo(field.bytes()))
            default: break
            }
        }
    }
}

extension ONNX.Node {
    init(_ bytes: ArraySlice<UInt8>) throws(ProtobufError) {
        var reader = ProtobufReader(bytes)
        while let field = try reader.next() {
            switch field.number {
            case 1: inputs.append(try field.string())
            case 2: outputs.append(try field.string())
            case 3: name = try field.string()
            case 4: operation = try field.string()
            case 5: attributes.append(try ONNX.Attribute(field.bytes()))
            case 7: domain = try field.string()
            default: break
            }
        }
    }
}

extension ONNX.Attribute {
    init(_ bytes: ArraySlice<UInt8>) throws(ProtobufError) {
        var reader = ProtobufReader(bytes)
        var type: Int64 = 0, float: Float = 0, int: Int64 = 0, string = "", tensor = ONNX.Tensor(), floats: [Float] = [], ints: [Int64] = []
        while let field = try reader.next() {
            switch field.number {
            case 1: name = try field.string()
            case 2: float = try field.float()
            case 3: int = try field.integer()
            case 4: string = try field.string()
            case 5: tensor = try ONNX.Tensor(field.bytes())
            case 7: try field.append(to: &floats)
            case 8: try field.append(to: &ints)
            case 20: type = try field.integer()
            default: break
            }
        }
        switch type {
        case 1: value = .float(float)
        case 2: value = .int(int)
        case 3: value = .string(string)
        case 4: value = .tensor(tensor)
        case 6: value = .floats(floats)
        case 7: value = .ints(ints)
        default: value = .none
        }
    }
}

extension ONNX.Tensor {
    init(_ bytes: ArraySlice<UInt8>) throws(ProtobufError) {
        var reader = ProtobufReader(bytes)
        while let field = try reader.next() {
            switch field.number {
            case 1: try field.append(to: &dims)
            case 2: type = try field.integer()
            case 4: try field.append(to: &floats)
            case 5: try field.append(to: &ints)
            case 7: try field.append(to: &longs)
            case 8: name = try field.string()
            case 9: raw = try field.bytes()
            case 10: try field.append(to: &doubles)
            case 13:
                let (key, value) = try ONNX.entry(field.bytes())
                external[key] = value
            case 14: isExternal = try field.integer() != 0
            default: break
            }
        }
    }
}

extension ONNX.ValueInfo {
    init(_ bytes: ArraySlice<UInt8>) throws(ProtobufError) {
        var reader = ProtobufReader(bytes)
        while let field = try reader.next() {
            if field.number == 1 { name = try field.string() }
            if field.number == 2 { try readType(field.bytes()) }
        }
    }

    /// TypeProto, its tensor type, and its shape.
    private mutating func readType(_ bytes: ArraySlice<UInt8>) throws(ProtobufError) {
        var reader = ProtobufReader(bytes)
        while let field = try reader.next() {
            guard field.number == 1 else { continue }
            var tensor = ProtobufReader(try field.bytes())
            while let field = try tensor.next() {
                if field.number == 1 { type = try field.integer() }
                if field.number == 2 { dims = try Self.shape(field.bytes()) }
            }
        }
    }

    private static func shape(_ bytes: ArraySlice<UInt8>) throws(ProtobufError) -> [ONNX.Dimension] {
        var reader = ProtobufReader(bytes), dims: [ONNX.Dimension] = []
        while let field = try reader.next() {
            guard field.number == 1 else { continue }
            var dimension = ProtobufReader(try field.bytes()), value = ONNX.Dimension.free("")
            while let field = try dimension.next() {
                if field.number == 1 { value = .fixed(try field.integer()) }
                if field.number == 2 { value = .free(try field.string()) }
            }
            dims.append(value)
        }
        return dims
    }
}

extension ProtobufError: CustomStringConvertible {
    var description: String {
        switch self {
        case .truncated(let position): "a field that runs past byte \(position), where its message ends"
        case .invalidTag(let position): "no field at byte \(position)"
        case .wireType(let field, let position): "a field \(field) of another kind at byte \(position)"
        case .invalidUTF8(let field, let position): "a field \(field) that is not UTF-8 text at byte \(position)"
        }
    }
}
