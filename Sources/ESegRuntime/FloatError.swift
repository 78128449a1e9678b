/// Why a float network cannot run as asked.
public enum FloatError: Error, Equatable, CustomStringConvertible {
    case imageSize(found: String, expected: String)
    case threads(found: Int)
    case outOfMemory(bytes: Int)

    public var description: String {
        switch self {
        case .imageSize(let found, let expected): "image size: found \(found), expected \(expected)"
        case .threads(let found): "threads: found \(found), expected 1...256"
        case .outOfMemory(let bytes): "memory: \(bytes) bytes could not be allocated"
        }
    }
}
