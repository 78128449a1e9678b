import Foundation

/// A library of C beside the tests that programs can be started with, before all others: LD_PRELOAD names it.
enum PreloadedLibrary {
    /// Compiles a source of `Tests`; nil where there is no compiler.
    static func compile(_ source: String) throws -> String? {
        let name = source.replacingOccurrences(of: "/", with: "-") + ".so"
        let path = URL(fileURLWithPath: Tool.path).deletingLastPathComponent().appendingPathComponent(name).path
        let result = try Tool.run(
            ["clang", "-O1", "-shared", "-fPIC", "-o", path, Tool.package + "/Tests/" + source], program: "/usr/bin/env")
        // What `env` says of a program that is not there.
        if result.status == 127 { return nil }
        guard result.status == 0 else { throw Failure(errors: result.errors) }
        return path
    }

    struct Failure: Error {
        let errors: String
    }
}
