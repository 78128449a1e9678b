/// The library of `Tests/Faults`, which makes calls of a program that is started with it fail.
enum FaultShim {
    static let calls = ["malloc", "mmap", "open", "read", "write", "fsync", "rename", "ioctl", "pthread_create"]

    private static let made = Result { try PreloadedLibrary.compile("Faults/shim.c") }

    /// Where it is, made on first use; nil where there is no compiler.
    static func path() throws -> String? { try made.get() }
}
