/// Why a model cannot run as asked.
public enum RuntimeError: Error, Equatable, CustomStringConvertible {
    case imageSize(found: String, expected: String)
    case threads(found: Int)
    case threadsRefused(count: Int, reason: String)
    case cpus(found: String, expected: String)
    case outOfMemory(bytes: Int)
    case unsupported(node: String, reason: String)

    public var description: String {
        switch self {
        case .imageSize(let found, let expected): "image size: found \(found), expected \(expected)"
        case .threads(let found): "threads: found \(found), expected 1...\(Session.maximumThreads)"
        case .threadsRefused(let count, let reason): "threads: found \(reason), expected \(count) that can be started"
        case .cpus(let found, let expected): "CPUs: found \(found), expected \(expected)"
        case .outOfMemory(let bytes): "memory: \(bytes) bytes could not be allocated"
        case .unsupported(let node, let reason): "\(node): \(reason)"
        }
    }
}
