import ESegNetwork
import Glibc

/// What is between a path's slashes, told by bytes: a combining mark after a slash makes one character of both.
func pathComponents(_ path: String) -> [String] { path.utf8.split(separator: UInt8(ascii: "/")).compactMap { String($0) } }

/// A path's last component.
func fileName(_ path: String) -> String { pathComponents(path).last ?? path }

/// A folder's last two components: folders of frames are often just called "images" or "val".
func folderName(_ path: String) -> String { pathComponents(path).filter { $0 != "." }.suffix(2).joined(separator: "/") }

/// Which file a path names, however it is written and through whatever links.
struct FileIdentity: Hashable {
    private let device: UInt64
    private let inode: UInt64

    /// nil where there is no file.
    init?(_ path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        (device, inode) = (UInt64(status.st_dev), UInt64(status.st_ino))
    }
}

/// Where a file is, or would be.
private struct FilePlace: Hashable {
    /// nil where there is none.
    private let folder: FileIdentity?
    private let name: [UInt8]

    init(_ path: String) {
        let bytes = Array(path.utf8), start = bytes.lastIndex(of: UInt8(ascii: "/")).map { $0 + 1 } ?? 0
        folder = FileIdentity(start == 0 ? "." : String(decoding: bytes[..<start], as: UTF8.self))
        name = folder == nil ? bytes : Array(bytes[start...])
    }
}

/// Throws if two outputs, of those that there are, would be one file; what is no file, such as /dev/null, takes any number.
func checkDistinct(_ outputs: String?...) throws {
    var places: [FilePlace: String] = [:]
    for output in outputs.compactMap(\.self) {
        var status = stat()
        guard stat(output, &status) != 0 || status.st_mode & S_IFMT == S_IFREG else { continue }
        if let other = places.updateValue(output, forKey: FilePlace(output)) {
            throw Failure("\(output): output: found \(other) to be written there too, expected another file")
        }
    }
}

/// Throws if a file cannot be written, or is one of those that are read: before the work, not after it.
func checkOutput(_ output: String, inputs: [String]) throws {
    let written = FileIdentity(output)
    if written != nil, let input = inputs.first(where: { FileIdentity($0) == written }) {
        throw Failure("\(output): output: found the input \(input), expected another file")
    }
    try AtomicFile.check(output)
}

/// Makes a folder and those above it where they are missing. Throws `NetworkError` where that cannot be done.
func makeFolder(_ path: String) throws {
    func unusable(found: String) -> NetworkError {
        NetworkError(file: path, field: "output folder", found: found, expected: "a folder, or where one can be made")
    }
    var partial = path.hasPrefix("/") ? "/" : ""
    for component in pathComponents(path) {
        partial += component + "/"
        guard mkdir(partial, 0o777) != 0, errno != EEXIST else { continue }
        throw unusable(found: String(cString: strerror(errno)).lowercased())
    }
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
        throw unusable(found: "a file")
    }
}
