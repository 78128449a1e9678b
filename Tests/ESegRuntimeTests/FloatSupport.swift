import ESegNetwork
import Foundation
import Kernels
import Testing

@testable import ESegRuntime

/// Reference data that does not travel with the package: `$ESEG_SHARED`, or `shared` beside the package.
enum FloatReference {
    static let folder = ProcessInfo.processInfo.environment["ESEG_SHARED"] ?? beside(package: #filePath)
    static let isPresent = FileManager.default.fileExists(atPath: folder + "/goldens")
    static let absence: Comment = "no reference data: set ESEG_SHARED to the folder that holds goldens/ and models/"

    private static func beside(package file: String) -> String {
        var url = URL(fileURLWithPath: file)
        for _ in 0..<4 { url.deleteLastPathComponent() }
        return url.appendingPathComponent("shared").path
    }
}

/// Reproducible random numbers (SplitMix64).
struct SeededRandom: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    mutating func floats(_ count: Int, in range: ClosedRange<Float> = -1...1) -> [Float] {
        let scale = (range.upperBound - range.lowerBound) / Float(1 << 24)
        return [Float](unsafeUninitializedCapacity: count) { values, initialized in
            for i in 0..<count { values[i] = range.lowerBound + scale * Float(next() >> 40) }
            initialized = count
        }
    }

    mutating func image(height: Int, width: Int) -> RGBImage {
        RGBImage(width: width, height: height, pixels: floats(height * width * 3, in: 0...255).map { UInt8($0) })
    }
}

/// A scalar result and another instruction set's, with canaries behind it.
struct KernelComparison {
    static let canary: Float = 12345
    let reference: [Float]
    let result: [Float]

    /// Runs `body` with the scalar kernels and with `isa`'s, each on an output of `count` floats.
    init(_ isa: ISA, count: Int, _ body: (UnsafePointer<eseg_kernels>, UnsafeMutablePointer<Float>) -> Void) throws {
        let scalar = try #require(ISA(name: "scalar"))
        func run(_ isa: ISA) throws -> [Float] {
            var output = [Float](repeating: 0, count: count) + [Float](repeating: Self.canary, count: 32)
            let kernels = try #require(eseg_kernels_for(isa.value))
            try output.withUnsafeMutableBufferPointer { body(kernels, try #require($0.baseAddress)) }
            return output
        }
        reference = try run(scalar)
        result = try run(isa)
    }

    var canariesLive: Bool { result.suffix(32).allSatisfy { $0 == Self.canary } }

    /// The largest difference, relative to values of that order.
    func error(scale: Float) -> Float { zip(reference, result).map { abs($0 - $1) }.max().map { $0 / scale } ?? 0 }
}

func maximumDifference(_ a: some Sequence<Float>, _ b: some Sequence<Float>) -> Float { zip(a, b).map { abs($0 - $1) }.max() ?? 0 }
