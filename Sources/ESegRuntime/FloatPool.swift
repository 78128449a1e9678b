import Glibc
import Kernels

/// Zeroed, 64-byte aligned memory with stable addresses, freed with its owner; every piece has `ESEG_SLACK` readable bytes behind it.
final class FloatPool {
    private var blocks: [UnsafeMutableRawPointer] = []
    private(set) var bytes = 0

    /// - Throws: `FloatError.outOfMemory`.
    func allocate<T: BitwiseCopyable>(_ type: T.Type, count: Int) throws(FloatError) -> UnsafeMutablePointer<T> {
        let size = count * MemoryLayout<T>.stride + Int(ESEG_SLACK)
        var block: UnsafeMutableRawPointer?
        guard posix_memalign(&block, 64, size) == 0, let block else { throw .outOfMemory(bytes: size) }
        memset(block, 0, size)
        blocks.append(block)
        bytes += size
        return block.bindMemory(to: type, capacity: count)
    }

    /// Copies `values`, followed by zeros up to `count`.
    func copy<T: BitwiseCopyable>(_ values: some Collection<T>, padded count: Int) throws(FloatError) -> UnsafeMutablePointer<T> {
        let pointer = try allocate(T.self, count: max(count, values.count))
        for (i, value) in values.enumerated() { pointer[i] = value }
        return pointer
    }

    deinit { blocks.forEach { free($0) } }
}
