import Foundation
import TestSupport
import Testing

/// Programs in C, in whose process the library is not alone: `Tests/Hosts`.
@Suite struct HostTests {
    private let model = Tool.package + "/Tests/Fixtures/format2.eseg"
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// Compiles a program and runs it with the model; says so where that cannot be.
    private func expectRight(
        _ name: String, _ arguments: [String] = [], compiler: String = "cc", flags: String = "", environment: [String: String] = [:],
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let source = "Tests/Hosts/\(name).c"
        guard let program = try CLibrary.compile([source], in: folder, compiler: compiler, flags: flags) else {
            return print("skipped: needs \(compiler) and pkg-config")
        }
        let result = try Tool.run(
            [model] + arguments, program: program, environment: CLibrary.environment().merging(environment) { $1 })
        #expect(result.status == 0, "\(result.output)\(result.errors)", sourceLocation: sourceLocation)
    }

    @Test func whatTheLibraryNeedsOfOpenMPIsWhatNoOtherRuntimeHas() throws {
        guard try CLibrary.has("nm") else { return }
        let library = try CLibrary.folder() + "/lib/libeseg.so"
        let needed = try Tool.run(["nm", "-D", "--undefined-only", library], program: "/usr/bin/env").output
        let names = needed.split(separator: "\n").compactMap { $0.split(separator: " ").last }
        #expect(names.contains { $0.hasPrefix("__kmpc_fork_call") })
        #expect(!names.contains { $0.hasPrefix("omp_") || $0.hasPrefix("GOMP_") || $0.hasPrefix("kmp_") })
    }

    @Test func exportedAreTheListedFunctionsAlone() throws {
        guard try CLibrary.has("nm") else { return }
        let library = try CLibrary.folder() + "/lib/libeseg.so"
        let defined = try Tool.run(["nm", "-D", "--defined-only", library], program: "/usr/bin/env").output
        let names = defined.split(separator: "\n").compactMap {
            $0.split(separator: " ").last?.split(separator: "@").first.map(String.init)
        }
        let abi = try String(contentsOfFile: Tool.package + "/Tests/LibESegTests/abi", encoding: .utf8)
        let listed = abi.split(separator: "\n").filter { $0.hasPrefix("function ") }.map { String($0.dropFirst("function ".count)) }
        #expect(Set(names).subtracting(["LIBESEG_0"]) == Set(listed))
    }

    @Test func aHostWithGCCsOpenMP() throws { try expectRight("openmp", compiler: "gcc", flags: "-fopenmp") }

    @Test func aHostWithALibraryOfGCCs() throws {
        let others = try TemporaryFolder()
        guard
            let part = try CLibrary.compile(
                ["Tests/Hosts/openmp.c"], in: others, compiler: "gcc", flags: "-fopenmp -shared -fPIC -Dmain=host_main")
        else { return print("skipped: needs gcc and pkg-config") }
        try expectRight("part", compiler: "gcc", flags: part)
    }

    @Test func aHostWithLLVMsOpenMPSharesIt() throws {
        let include = ProcessInfo.processInfo.environment["OMP_INCLUDE"] ?? "/usr/lib/llvm-19/lib/clang/19/include"
        let flags = "-fopenmp -idirafter \(include) -L\(CLibrary.openMPFolder) -Wl,-rpath,\(CLibrary.openMPFolder)"
        try expectRight("openmp", compiler: "clang", flags: flags)
    }

    /// A count that is none ends OpenMP's runtime; a large one keeps it busy for ever.
    @Test(arguments: ["", " ", "many", "99999999999"])
    func aHostWhoseEnvironmentHoldsAnything(count: String) throws {
        try expectRight("fork", environment: ["OMP_NUM_THREADS": count, "KMP_PLAIN_BARRIER": count, "OMP_STACKSIZE": "999999G"])
    }

    @Test func aHostThatForks() throws { try expectRight("fork") }

    @Test func aHostThatMayHaveNoMoreThreadsOrMemory() throws { try expectRight("limited", flags: "-D_GNU_SOURCE") }

    @Test(arguments: ["first", "last"]) func aHostWithAnotherRuntimeOfLLVMs(order: String) throws {
        let others = try TemporaryFolder()
        // Not the library's, as another file's memory is not.
        let copy = others.path + "/other.so"
        let real = URL(fileURLWithPath: CLibrary.openMPFolder + "/libomp.so").resolvingSymlinksInPath().path
        try FileManager.default.copyItem(atPath: real, toPath: copy)
        guard let plugin = try CLibrary.compile(["Tests/Hosts/plugin.c"], in: others, flags: "-shared -fPIC"),
            let program = try CLibrary.compile(["Tests/Hosts/second_runtime.c"], in: folder, flags: "-Wl,--as-needed -ldl")
        else { return print("skipped: needs cc and pkg-config") }
        let result = try CLibrary.run(program, model, plugin, copy, order)
        #expect(result.status == 0, "\(result.output)\(result.errors)")
    }

    @Test(arguments: ["", "0"]) func aCallTakesNothingOfTheSystem(cpus: String) throws {
        guard let counter = try AllocationCounter.path(), let program = try CLibrary.compile(["Tests/Hosts/steady.c"], in: folder) else {
            return print("skipped: needs clang, cc and pkg-config")
        }
        let counts = folder.path + "/counts", images = 10_100
        let result = try CLibrary.run(
            program, model, "\(images)", cpus,
            environment: ["LD_PRELOAD": counter, "ESEG_COUNT_FROM": "100", "ESEG_COUNT_TO": "\(images)", "ESEG_COUNTS": counts])
        #expect(result.status == 0 && result.output.utf8.count == images, "\(result.errors)")
        #expect(try String(contentsOfFile: counts, encoding: .utf8) == "0 0 0\n")
    }

    @Test func nothingIsLeftOrReadBeyondItsEnd() throws {
        guard try CLibrary.has("valgrind"), let program = try CLibrary.compile(["Tests/Hosts/steady.c"], in: folder) else { return }
        let result = try CLibrary.run(
            "/usr/bin/env", "valgrind", "--quiet", "--error-exitcode=9", "--leak-check=full", "--errors-for-leak-kinds=definite", program,
            model,
            "14", "")
        #expect(result.status == 0, "\(result.errors)")
    }

    @Test func norUnderAddressSanitizer() throws {
        try expectRight("steady", ["100", ""], flags: "-fsanitize=address,undefined -fno-sanitize-recover=all")
        // What OpenMP's runtime had before a fork is nobody's in the child.
        try expectRight(
            "fork", flags: "-fsanitize=address,undefined -fno-sanitize-recover=all", environment: ["ASAN_OPTIONS": "detect_leaks=0"])
    }
}
