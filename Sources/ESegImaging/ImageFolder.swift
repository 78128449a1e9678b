import ESegNetwork

#if canImport(Glibc)
    import Glibc
#endif

/// The JPEG and PNG files directly in a folder, sorted by name.
public struct ImageFolder: Sendable, Equatable {
    public let path: String
    /// File names, sorted by their bytes; at least one.
    public let names: [String]
    /// Why what is named like an image is left out: a name that is no UTF-8, or anything but a regular file.
    public let unusable: [ImageError]

    /// Lists a folder; throws `ImageError` where it cannot be read or holds no image.
    ///
    /// Hidden files and other extensions than `extensions` (in any case) are left out.
    public init(path: String, extensions: Set<String> = ["jpg", "jpeg", "png"]) throws(ImageError) {
        self.path = path
        var names: [String] = [], unusable: [ImageError] = []
        for entry in try listFolder(path) where isImageName(entry.shown, extensions) {
            do throws(ImageError) { names.append(try usableName(entry, in: path)) } catch { unusable.append(error) }
        }
        if names.isEmpty, let first = unusable.first { throw first }
        guard !names.isEmpty else {
            let kinds = extensions.sorted().map { "*." + $0 }.joined(separator: ", ")
            throw ImageError(file: path, field: "folder", found: "no images", expected: "files named \(kinds)")
        }
        (self.names, self.unusable) = (names, unusable)
    }

    public var paths: [String] { names.map { joinPath(path, $0) } }

    /// The folder, for those who need all of its images. Throws why the first one that is left out is.
    public func complete() throws(ImageError) -> ImageFolder {
        if let first = unusable.first { throw first }
        return self
    }
}

private func isImageName(_ name: String, _ extensions: Set<String>) -> Bool {
    !name.hasPrefix(".") && extensions.contains(splitName(name).extension.lowercased())
}

/// The name of a file in a folder. Throws where it is no text, or where what it names is there and no regular file: reading a pipe would
/// wait for whoever writes it.
private func usableName(_ entry: SystemName, in folder: String) throws(ImageError) -> String {
    guard let name = entry.text else {
        throw ImageError(
            file: joinPath(folder, entry.shown), field: "name", found: "bytes that are no UTF-8", expected: "a name in UTF-8")
    }
    var status = stat()
    guard stat(joinPath(folder, name), &status) == 0, status.st_mode & S_IFMT != S_IFREG else { return name }
    throw ImageError(file: joinPath(folder, name), field: "file", found: fileKind(status), expected: "a regular file")
}

/// Names in a folder, sorted by their bytes.
private func listFolder(_ path: String) throws(ImageError) -> [SystemName] {
    guard let folder = opendir(path) else { throw unreadable(path, expected: "a readable folder") }
    defer { closedir(folder) }
    var names: [SystemName] = []
    while let entry = readdir(folder) {
        let capacity = MemoryLayout.size(ofValue: entry.pointee.d_name)
        names.append(
            withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: capacity) { SystemName($0) }
            })
    }
    return names.sorted { $0.bytes.lexicographicallyPrecedes($1.bytes) }
}

/// A file name's part before the last dot and the part after it, empty where there is no dot.
func splitName(_ name: String) -> (stem: String, extension: String) {
    guard let dot = name.lastIndex(of: ".") else { return (name, "") }
    return (String(name[..<dot]), String(name[name.index(after: dot)...]))
}

func joinPath(_ folder: String, _ name: String) -> String { folder.hasSuffix("/") ? folder + name : folder + "/" + name }
