import ESegNetwork

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

extension ONNX.Model {
    /// Gives tensors whose values other files have those values. Throws naming the model's file, the tensor and the field where a file does
    /// not lie in the model's folder, or has no such bytes.
    mutating func readExternalData(beside path: String) throws(NetworkError) {
        var files = ExternalFiles(model: path)
        for i in graph.initializers.indices where graph.initializers[i].isExternal {
            try files.fill(&graph.initializers[i], place: "initializer \(quoted(graph.initializers[i].name))")
        }
        for i in graph.nodes.indices {
            for j in graph.nodes[i].attributes.indices {
                guard case .tensor(var tensor) = graph.nodes[i].attributes[j].value, tensor.isExternal else { continue }
                try files.fill(&tensor, place: "node \(quoted(graph.nodes[i].name)): \(graph.nodes[i].attributes[j].name)")
                graph.nodes[i].attributes[j].value = .tensor(tensor)
            }
        }
    }
}

/// The files beside a model that have its tensors' values, each read once.
private struct ExternalFiles {
    let model: String
    /// Bytes by location.
    private var files: [String: [UInt8]] = [:]
    private var size = 0

    /// Bytes that all files may have, as many as a model's own file.
    private static let maximumSize = 1 << 31

    init(model: String) { self.model = model }

    mutating func fill(_ tensor: inout ONNX.Tensor, place: String) throws(NetworkError) {
        let location = tensor.external["location"] ?? "", bytes = try read(location, place)
        func number(_ key: String, default value: Int, _ range: ClosedRange<Int>) throws(NetworkError) -> Int {
            guard let text = tensor.external[key] else {
                guard range.contains(value) else { throw error(place, key, "none, which stands for \(value)", expected(range)) }
                return value
            }
            guard text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }), let number = Int(text),
                range.contains(number)
            else { throw error(place, key, quoted(text), expected(range)) }
            return number
        }
        func expected(_ range: ClosedRange<Int>) -> String { "\(range.lowerBound) to \(range.upperBound), \(quoted(location))'s bytes" }
        let offset = try number("offset", default: 0, 0...bytes.count)
        let length = try number("length", default: tensor.byteCount ?? bytes.count - offset, 0...bytes.count - offset)
        if let count = tensor.byteCount, length != count {
            throw error(place, "length", "\(length)", "\(count), as dims \(tensor.dims.prefix(16)) and data_type \(tensor.type) say")
        }
        tensor.raw = bytes[offset..<offset + length]
        (tensor.isExternal, tensor.external) = (false, [:])
    }

    /// A file's bytes. Throws where it does not lie in the model's folder, also where a link leads out of it.
    private mutating func read(_ location: String, _ place: String) throws(NetworkError) -> [UInt8] {
        if let bytes = files[location] { return bytes }
        let parts = location.split(separator: "/", omittingEmptySubsequences: false)
        guard !location.isEmpty, !location.utf8.contains(0), !parts.contains(".."), parts.first != "" else {
            throw error(place, "location", quoted(location), "a path in the model's folder")
        }
        let folder = model.lastIndex(of: "/").map { String(model[...$0]) } ?? "./", path = folder + location
        guard let root = Self.resolved(folder), let target = Self.resolved(path) else {
            throw error(place, "location", "\(quoted(location)), which cannot be opened", "a file in the model's folder")
        }
        guard target.bytes.starts(with: root.bytes == [UInt8(ascii: "/")] ? root.bytes : root.bytes + [UInt8(ascii: "/")]) else {
            throw error(place, "location", "\(quoted(location)), a link to \(quoted(target.shown))", "a file in the model's folder")
        }
        let file = try whole(path, location, place)
        guard file.count <= Self.maximumSize - size else {
            throw error(place, "location", "\(file.count) bytes after \(size)", "at most \(Self.maximumSize) bytes of external data")
        }
        size += file.count
        let bytes = file.withBytes { [UInt8]($0) }
        files[location] = bytes
        return bytes
    }

    private func whole(_ path: String, _ location: String, _ place: String) throws(NetworkError) -> WholeFile {
        do throws(NetworkError) { return try WholeFile(path) } catch {
            throw self.error(place, "location", "\(quoted(location)), \(error.found)", error.expected)
        }
    }

    /// A path without links, or nil where there is none.
    private static func resolved(_ path: String) -> SystemName? {
        guard let resolved = realpath(path, nil) else { return nil }
        defer { free(resolved) }
        return SystemName(resolved)
    }

    private func error(_ place: String, _ key: String, _ found: String, _ expected: String) -> NetworkError {
        NetworkError(file: model, field: "\(place): external_data \(key)", found: found, expected: expected)
    }
}

extension ONNX.Tensor {
    /// How many bytes its values have, as its type and dimensions say, or nil where they say nothing.
    fileprivate var byteCount: Int? {
        let shape = dims.map { Int($0) }
        guard let type = ONNX.ElementType(rawValue: type), type != .string, let count = Constant.count(shape) else { return nil }
        return count * type.size
    }
}
