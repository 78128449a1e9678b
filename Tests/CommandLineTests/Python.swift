import Foundation
import Testing

/// A Python that has what `Examples/Training` needs: `$ESEG_PYTHON`, or `python3`.
enum Python {
    static let path = ProcessInfo.processInfo.environment["ESEG_PYTHON"] ?? "python3"
    static let training = Tool.package + "/Examples/Training"
    static let isPresent = (try? run("import numpy, PIL, safetensors, torch"))?.status == 0
    static let absence: Comment = "no Python with Examples/Training/requirements.txt: name one in ESEG_PYTHON"

    /// Runs Python code that can import the modules of `Examples/Training`.
    static func run(_ code: String, _ arguments: String...) throws -> Tool.Result { try start(["-c", code] + arguments) }

    /// Runs `train.py`.
    static func train(_ arguments: [String]) throws -> Tool.Result { try start([training + "/train.py"] + arguments) }

    private static func start(_ arguments: [String]) throws -> Tool.Result {
        let environment = ["PYTHONPATH": training, "PYTHONDONTWRITEBYTECODE": "1", "OMP_NUM_THREADS": "1", "CUDA_VISIBLE_DEVICES": ""]
        return try Tool.run([path] + arguments, program: "/usr/bin/env", environment: environment)
    }
}
