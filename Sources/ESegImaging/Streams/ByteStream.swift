#if canImport(Glibc)
    import Glibc
#endif

/// Bytes of a descriptor that arrive in order, read ahead into a buffer that grows to what its reader asks to see at once.
final class ByteStream {
    let name: String
    private let descriptor: Int32
    private let interruption: Interruption
    private var storage = [UInt8](repeating: 0, count: 1 << 17)
    /// Where in `storage` the bytes are that nobody consumed yet.
    private var unread = 0..<0
    private var ended = false

    /// Reads from a descriptor that stays the caller's.
    init(descriptor: Int32, name: String, interruption: Interruption) {
        self.descriptor = descriptor
        self.name = name
        self.interruption = interruption
    }

    /// How many bytes are there to be seen.
    var count: Int { unread.count }

    /// Calls `body` with the bytes that are there.
    func withBytes<Value, Failure: Error>(
        _ body: (UnsafeBufferPointer<UInt8>) throws(Failure) -> Value
    ) throws(Failure) -> Value {
        let result = storage.withUnsafeBufferPointer { storage in
            Result { () throws(Failure) in try body(UnsafeBufferPointer(rebasing: storage[unread])) }
        }
        return try result.get()
    }

    func consume(_ count: Int) {
        unread = min(unread.lowerBound + max(count, 0), unread.upperBound)..<unread.upperBound
    }

    /// Waits for more bytes; false at the end or on interruption. Throws `ImageError` where reading fails.
    func fill() throws(ImageError) -> Bool {
        makeRoom(for: unread.count + 1)
        while !ended {
            if interruption.wait(for: descriptor) == .interrupted { break }
            let count = storage.withUnsafeMutableBytes { storage in
                read(descriptor, storage.baseAddress.map { $0 + unread.upperBound }, storage.count - unread.upperBound)
            }
            if count < 0 && (errno == EINTR || errno == EAGAIN) { continue }
            guard count >= 0 else { throw unreadable(name, expected: "a readable stream") }
            if count == 0 { break }
            unread = unread.lowerBound..<unread.upperBound + count
            return true
        }
        ended = true
        return false
    }

    /// Waits until `wanted` bytes are there; false where the stream ends before.
    func fill(to wanted: Int) throws(ImageError) -> Bool {
        makeRoom(for: wanted)
        while count < wanted {
            guard try fill() else { return false }
        }
        return true
    }

    /// Moves the bytes to the front where they would not fit behind those consumed, into a larger buffer where they fit in none.
    private func makeRoom(for wanted: Int) {
        guard unread.lowerBound + wanted > storage.count else { return }
        if wanted > storage.count {
            var larger = [UInt8](repeating: 0, count: max(wanted, storage.count * 2))
            larger.replaceSubrange(0..<unread.count, with: storage[unread])
            storage = larger
        } else {
            storage.withUnsafeMutableBytes { storage in
                guard let base = storage.baseAddress else { return }
                memmove(base, base + unread.lowerBound, unread.count)
            }
        }
        unread = 0..<unread.count
    }
}
