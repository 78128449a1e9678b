import Foundation
import TestSupport

/// The built C library, laid out as a package installs it, and programs that use it.
enum CLibrary {
    private static let built = URL(fileURLWithPath: Tool.path).deletingLastPathComponent()
    private static let installed = Result {
        let folder = built.appendingPathComponent("libeseg").path
        let product = built.appendingPathComponent("libLibESeg.so").path, stripped = product + ".stripped"
        let strip = try Tool.run(["objcopy", "--strip-all", product, stripped], program: "/usr/bin/env")
        guard strip.status == 0 else { throw Failure(errors: strip.errors) }
        let result = try Tool.run([stripped, folder], program: Tool.package + "/Scripts/install-library")
        guard result.status == 0 else { throw Failure(errors: result.errors) }
        return folder
    }

    struct Failure: Error {
        let errors: String
    }

    /// Where lib and include are.
    static func folder() throws -> String { try installed.get() }

    static let openMPFolder = ProcessInfo.processInfo.environment["OMP_LIB"] ?? "/usr/lib/llvm-19/lib"

    /// What programs need of the environment to find the library, and threads that do not spin while others work.
    static func environment() throws -> [String: String] {
        let folder = try folder()
        return [
            "PKG_CONFIG_PATH": folder + "/lib/pkgconfig", "LD_LIBRARY_PATH": folder + "/lib", "KMP_BLOCKTIME": "0",
            "OMP_WAIT_POLICY": "passive",
        ]
    }

    /// Compiles a program in the way that docs/embedding.md tells; nil where this machine lacks the compiler, or packages that it needs.
    static func compile(
        _ sources: [String], in folder: TemporaryFolder, compiler: String = "cc", flags: String = "", packages: String = "eseg"
    ) throws -> String? {
        let program = folder.path + "/program", files = sources.map { "\(Tool.package)/\($0)" }.joined(separator: " ")
        let line = "\(compiler) -O1 -Wall -Wextra -Werror -o \(program) \(files) $(pkg-config --cflags --libs \(packages)) \(flags)"
        let lacking = try Tool.run(
            ["sh", "-c", "command -v pkg-config \(compiler.prefix { $0 != " " }) && pkg-config --exists \(packages)"],
            program: "/usr/bin/env", environment: environment())
        guard lacking.status == 0 else { return nil }
        let result = try Tool.run(["sh", "-c", line], program: "/usr/bin/env", environment: environment())
        guard result.status == 0 else { throw Failure(errors: result.errors) }
        return program
    }

    static func run(_ program: String, _ arguments: String..., environment: [String: String] = [:], outputTo file: String? = nil) throws
        -> Tool.Result
    {
        try Tool.run(arguments, program: program, environment: self.environment().merging(environment) { $1 }, outputTo: file)
    }

    /// Whether a tool is on this machine; tells that a test is skipped where it is not.
    static func has(_ tool: String) throws -> Bool {
        let isHere = try Tool.run(["sh", "-c", "command -v \(tool)"], program: "/usr/bin/env").status == 0
        if !isHere { print("skipped: needs \(tool)") }
        return isHere
    }
}
