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

/// Three changes in four are the target's, if it has any; the others are libFuzzer's own.
@_cdecl("LLVMFuzzerCustomMutator")
public func mutate(_ bytes: UnsafeMutablePointer<UInt8>, _ count: Int, _ limit: Int, _ seed: CUnsignedInt) -> Int {
    let mutated = seed % 4 > 0 ? cross(bytes, count, bytes, count, bytes, limit, seed) : 0
    return mutated > 0 ? mutated : changedByLibFuzzer(bytes, count, limit)
}

/// Gives 0, and so another change, where the target takes nothing from other inputs.
@_cdecl("LLVMFuzzerCustomCrossOver")
public func cross(
    _ first: UnsafePointer<UInt8>, _ firstCount: Int, _ second: UnsafePointer<UInt8>, _ secondCount: Int,
    _ out: UnsafeMutablePointer<UInt8>, _ limit: Int, _ seed: CUnsignedInt
) -> Int {
    let input = Array(UnsafeBufferPointer(start: first, count: firstCount)),
        other = Array(UnsafeBufferPointer(start: second, count: secondCount))
    guard let mutated = target?.mutated(input, other, UInt64(seed)), mutated.count <= limit else { return 0 }
    out.update(from: mutated, count: mutated.count)
    return mutated.count
}

@_silgen_name("LLVMFuzzerMutate")
private func changedByLibFuzzer(_ bytes: UnsafeMutablePointer<UInt8>, _ count: Int, _ limit: Int) -> Int

/// Ends the program as a crash does, which libFuzzer then reports with the input.
private func end(_ message: String) -> Never {
    let line = Array("\(message)\n".utf8)
    _ = line.withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
    abort()
}
