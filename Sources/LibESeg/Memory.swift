import CESeg
import Glibc

/// Bytes to work in, which cost nothing before they are used.
final class Memory {
    let bytes: UnsafeMutableBufferPointer<UInt8>

    init(_ count: Int) throws(CallError) {
        guard let memory = malloc(count) else { throw CallError(ESEG_NO_MEMORY, "memory: \(count) bytes could not be allocated") }
        bytes = UnsafeMutableBufferPointer(start: memory.bindMemory(to: UInt8.self, capacity: count), count: count)
    }

    deinit { free(bytes.baseAddress) }
}
