import FuzzTargets

#if canImport(Glibc)
    import Glibc
#endif

/// The target that `ESEG_FUZZING` names.
private let target = getenv("ESEG_FUZZING").flatMap { name in FuzzTarget.all.first { $0.name == String(cString: name) } }

/// Writes the target's seeds into the folder that `ESEG_FUZZING_SEEDS` names.
@_cdecl("LLVMFuzzerInitialize")
public func initialize(_ count: UnsafeMutableRawPointer, _ arguments: UnsafeMutableRawPointer) -> CInt {
    guard let target else { end("ESEG_FUZZING: found none of \(FuzzTarget.all.map(\.name).joined(separator: ", "))") }
    guard let folder = getenv("ESEG_FUZZING_SEEDS").map({ String(cString: $0) }) else { return 0 }
    do {
        for (index, seed) in try target.seeds().enumerated() {
            guard let file = fopen("\(folder)/seed-\(index)", "w") else { end("\(folder): cannot be written to") }
            _ = seed.withUnsafeBytes { fwrite($0.baseAddress, 1, $0.count, file) }
            fclose(file)
        }
    } catch {
        end("seeds: \(error)")
    }
    return 0
}

@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    do { _ = try target?.run(Array(UnsafeBufferPointer(start: bytes, count: count))) } catch { end("\(error)") }
    return 0
}

/// Ends the program as a crash does, which libFuzzer then reports with the input.
private func end(_ message: String) -> Never {
    let line = Array("\(message)\n".utf8)
    _ = line.withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
    abort()
}
