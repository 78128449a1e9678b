/// A kind of safetensors file that this program writes for itself: named in its metadata, and sealed with a checksum.
package struct SealedFormat: Sendable {
    /// The metadata's `format`.
    package let name: String
    /// The metadata's `version`.
    package let version: String

    package init(name: String, version: String) {
        self.name = name
        self.version = version
    }
}

extension SafetensorsWriter {
    /// Writes the file, whole or not at all, its format and checksum in the metadata. Throws what the system reports.
    package func write(as format: SealedFormat, to path: String) throws(NetworkError) {
        try Self.write(pieces(as: format, file: path), to: path)
    }

    /// The file's bytes: first the header, then each tensor's. Throws naming `file` if the header has no place for the checksum.
    func pieces(as format: SealedFormat, file: String) throws(NetworkError) -> [[UInt8]] {
        var sealed = self
        sealed.metadata.merge(["format": format.name, "version": format.version, Checksum.key: Checksum.placeholder]) { $1 }
        var pieces = sealed.pieces()
        try Checksum.seal(&pieces, file: file)
        return pieces
    }
}

extension Safetensors {
    /// Takes a file that `write(as:to:)` wrote. Throws if it is of another kind or version, damaged, or has other metadata than `keys`.
    package init(sealed file: WholeFile, as format: SealedFormat, keys: Set<String>) throws(NetworkError) {
        try self.init(file)
        for (key, expected) in [("format", format.name), ("version", format.version)] {
            guard metadata[key] == expected else {
                throw metadataError(key, found: metadata[key].map(quoted) ?? "nothing", expected: quoted(expected))
            }
        }
        try Checksum.verify(file)
        let known = keys.union(["format", "version", Checksum.key])
        if let key = Set(metadata.keys).symmetricDifference(known).min() {
            throw metadataError(
                quoted(key), found: metadata[key] == nil ? "nothing" : "an unknown field", expected: known.sorted().joined(separator: ", "))
        }
    }

    /// The text under a key of the metadata. Throws if there is none.
    package func text(_ key: String) throws(NetworkError) -> String {
        guard let text = metadata[key] else { throw metadataError(key, found: "nothing", expected: "a text") }
        return text
    }

    /// A whole number under a key of the metadata. Throws if it is not in `range`.
    package func integer(_ key: String, in range: ClosedRange<Int>) throws(NetworkError) -> Int {
        let text = try text(key)
        guard let value = Int(text), range.contains(value) else {
            throw metadataError(key, found: quoted(text), expected: "a number in \(range.lowerBound)...\(range.upperBound)")
        }
        return value
    }

    /// A list of texts under a key of the metadata, as `JSONValue` writes it. Throws if it is not such a list or does not have `count` members.
    package func texts(_ key: String, count: ClosedRange<Int>) throws(NetworkError) -> [String] {
        let json = try metadataJSON(key)
        guard case .array(let elements) = json, count.contains(elements.count) else {
            throw metadataError(key, found: json.summary, expected: "a list of \(count.lowerBound)...\(count.upperBound)")
        }
        var texts: [String] = []
        for element in elements {
            guard case .string(let text) = element else { throw metadataError(key, found: element.summary, expected: "texts") }
            texts.append(text)
        }
        return texts
    }

    /// The values of a tensor of that shape. Throws if it is missing or another.
    package func values<Element: TensorElement>(_ name: String, shape: [Int]) throws(NetworkError) -> [Element] {
        let found = try entry(name).shape
        guard found == shape else { throw error(name, "shape", found: "\(found)", expected: "\(shape)") }
        return try values(name)
    }

    /// Throws if there is another tensor than these.
    package func requireOnly(_ names: Set<String>) throws(NetworkError) {
        guard let name = tensors.keys.filter({ !names.contains($0) }).min() else { return }
        throw NetworkError(
            file: path, field: "tensor \(quoted(name))", found: "an unknown tensor", expected: names.sorted().joined(separator: ", "))
    }

    package func metadataError(_ key: String, found: String, expected: String) -> NetworkError {
        NetworkError(file: path, field: "__metadata__.\(key)", found: found, expected: expected)
    }
}
