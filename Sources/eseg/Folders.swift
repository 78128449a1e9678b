import ESegNetwork
import Glibc

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
