import Foundation
import TestSupport

/// The library of `Tests/Allocations`, which counts what a program that is started with it asks the system for.
enum AllocationCounter {
    private static let made = Result {
        let source = Tool.package + "/Tests/Allocations/counter.c"
        let path = URL(fileURLWithPath: Tool.path).deletingLastPathComponent().appendingPathComponent("allocation-counter.so").path
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
