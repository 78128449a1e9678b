#if canImport(Glibc)
    import Glibc
#endif

/// The JPEG and PNG files directly in a folder, sorted by name.
public struct ImageFolder: Sendable, Equatable {
    public let path: String
    /// File names, sorted by their bytes; at least one.
    public let names: [String]

    /// Lists a folder; throws `ImageError` where it cannot be read or holds no image.
    ///
    /// Hidden files and other extensions than `extensions` (in any case) are left out.
    public init(path: String, extensions: Set<String> = ["jpg", "jpeg", "png"]) throws(ImageError) {
        self.path = path
        names = try listFolder(path).filter { !$0.hasPrefix(".") && extensions.contains(splitName($0).extension.lowercased()) }
        guard !names.isEmpty else {
            let kinds = extensions.sorted().map { "*." + $0 }.joined(separator: ", ")
            throw ImageError(file: path, field: "folder", found: "no images", expected: "files named \(kinds)")
        }
    }

    public var paths: [String] { names.map { joinPath(path, $0) } }
}

/// Names in a folder, sorted by their bytes.
private func listFolder(_ path: String) throws(ImageError) -> [String] {
    guard let folder = opendir(path) else { throw unreadable(path, expected: "a readable folder") }
    defer { closedir(folder) }
    var names: [String] = []
    while let entry = readdir(folder) {
        let capacity = MemoryLayout.size(ofValue: entry.pointee.d_name)
        names.append(
            withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: capacity) { String(cString: $0) }
            })
    }
    return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
}

/// A file name's part before the last dot and the part after it, empty where there is no dot.
func splitName(_ name: String) -> (stem: String, extension: String) {
    guard let dot = name.lastIndex(of: ".") else { return (name, "") }
    return (String(name[..<dot]), String(name[name.index(after: dot)...]))
}

func joinPath(_ folder: String, _ name: String) -> String { folder.hasSuffix("/") ? folder + name : folder + "/" + name }
