import Foundation

/// An `.eseg` file that `eseg quantize` made of the shipped weights, for tests that need one.
enum QuantizedModel {
    static let options = ["--images", "2", "--size", "160x120", "--effort", "fast"]

    private static let made = Result {
        let path = URL(fileURLWithPath: Tool.path).deletingLastPathComponent().appendingPathComponent("command-line-tests.eseg").path
        let result = try Tool.run(
            ["quantize", Tool.weights, "--calibrate", Tool.calibrationFrames] + options + ["--threads", "1", "-o", path])
        guard result.status == 0 else { throw Failure(errors: result.errors) }
        return path
    }

    /// Where it is; made on first use.
    static func path() throws -> String { try made.get() }

    struct Failure: Error {
        let errors: String
    }
}
