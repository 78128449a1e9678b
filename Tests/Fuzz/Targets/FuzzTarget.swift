/// Code that reads what others have made. Fed with any bytes it must refuse them or take them, and never crash.
package struct FuzzTarget: Sendable {
    /// What `make fuzz TARGET=` and the folder of its corpus are called.
    package let name: String
    /// Inputs to begin with, as the program itself makes them.
    package let seeds: @Sendable () throws -> [[UInt8]]
    /// Tells what was made of the bytes, or why they were refused. Throws `FuzzFinding` where what was taken proves wrong.
    package let run: @Sendable ([UInt8]) throws -> String
    /// An input with changes, to parts of another one too, that leave it of its kind; nil where it is not, or where random bytes do as well.
    package let mutated: @Sendable (_ input: [UInt8], _ other: [UInt8], _ seed: UInt64) -> [UInt8]?

    init(
        _ name: String, seeds: @escaping @Sendable () throws -> [[UInt8]],
        mutated: @escaping @Sendable ([UInt8], [UInt8], UInt64) -> [UInt8]? = { _, _, _ in nil },
        run: @escaping @Sendable ([UInt8]) throws -> String
    ) {
        (self.name, self.seeds, self.mutated, self.run) = (name, seeds, mutated, run)
    }

    package static let all: [FuzzTarget] = [
        json, config, safetensors, network, onnx, calibration, comparison, mjpeg, y4m, images, camera, graph,
    ]
}

/// What a target tells of an input that it does not look at.
let passedOver = "passed over"

/// What bytes have shown to be wrong.
package struct FuzzFinding: Error, CustomStringConvertible {
    package let description: String

    init(_ description: String) { self.description = description }
}

func require(_ holds: Bool, _ broken: @autoclosure () -> String) throws {
    guard holds else { throw FuzzFinding(broken()) }
}
