import ESegNetwork
import FoundationEssentials
import Glibc

/// A path's last component.
func fileName(_ path: String) -> String { path.split(separator: "/").last.map(String.init) ?? path }

/// A folder's last two components: folders of frames are often just called "images" or "val".
func folderName(_ path: String) -> String { path.split(separator: "/").filter { $0 != "." }.suffix(2).joined(separator: "/") }

/// A path without symbolic links and dots, so that equal files have equal paths.
func canonicalPath(_ path: String) -> String { URL(fileURLWithPath: path).resolvingSymlinksInPath().standardizedFileURL.path }

/// Throws if a file cannot be written, or is one of those that are read: before the work, not after it.
func checkOutput(_ output: String, inputs: [String]) throws {
    if let input = inputs.first(where: { canonicalPath($0) == canonicalPath(output) }) {
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
    for component in path.split(separator: "/") {
        partial += component + "/"
        guard mkdir(partial, 0o777) != 0, errno != EEXIST else { continue }
        throw unusable(found: String(cString: strerror(errno)).lowercased())
    }
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
        throw unusable(found: "a file")
    }
}
