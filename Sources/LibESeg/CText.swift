import CESeg
import Glibc

/// A text as C takes it, that lives as long as this does.
final class CText {
    let pointer: UnsafePointer<CChar>

    init(_ text: String) throws(CallError) {
        guard let copy = strdup(text) else {
            throw CallError(ESEG_NO_MEMORY, "memory: \(text.utf8.count + 1) bytes could not be allocated")
        }
        pointer = UnsafePointer(copy)
    }

    deinit { free(UnsafeMutablePointer(mutating: pointer)) }
}

/// A C text that a caller gave; nil for NULL. Throws for what is no UTF-8.
func text(_ pointer: UnsafePointer<CChar>?, _ name: String) throws(CallError) -> String? {
    guard let pointer else { return nil }
    guard let text = String(validatingCString: pointer) else {
        throw .argument(name, found: "a text that is no UTF-8", expected: "UTF-8")
    }
    return text
}
