import Foundation
import TestSupport

/// The library of `Tests/Faults`, which makes calls of a program that is started with it fail.
enum FaultShim {
    static let calls = ["malloc", "mmap", "open", "read", "write", "fsync", "rename", "ioctl", "pthread_create"]

    private static let made = Result {
        let source = Tool.package + "/Tests/Faults/shim.c"
        let path = URL(fileURLWithPath: Tool.path).deletingLastPathComponent().appendingPathComponent("fault-shim.so").path
        let result = try Tool.run(["clang", "-O1", "-shared", "-fPIC", "-o", path, source], program: "/usr/bin/env")
        // What `env` says of a program that is not there.
        if result.status == 127 { return nil as String? }
        guard result.status == 0 else { throw Failure(errors: result.errors) }
        return path
    }

    /// Where it is, made on first use; nil where there is no compiler.
    static func path() throws -> String? { try made.get() }

    struct Failure: Error {
        let errors: String
    }
}
