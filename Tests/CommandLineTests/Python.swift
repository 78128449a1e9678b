import Foundation
import Testing

/// The Python that tests run: `$ESEG_PYTHON`, or `python3`.
enum Python {
    static let path = ProcessInfo.processInfo.environment["ESEG_PYTHON"] ?? "python3"
    static let training = Tool.package + "/Examples/Training"

    static let isPresent = (try? run(""))?.status == 0
    /// Whether it has what `Examples/Training` needs.
    static let canTrain = (try? run("import numpy, PIL, safetensors, torch"))?.status == 0
    /// Whether it has what `Examples/Networks` needs.
    static let hasTorchvision = (try? run("import onnx, torch, torchvision"))?.status == 0
    /// Whether it has what `Examples/Python` needs.
    static let hasPackage = (try? run("import eseg, onnx, PIL, torch"))?.status == 0

    /// What to do where it lacks what an example needs.
    static func absence(for example: String) -> Comment { "no Python with Examples/\(example)/requirements.txt: name one in ESEG_PYTHON" }

    /// Runs Python code that can import the modules of `Examples/Training`.
    static func run(_ code: String, _ arguments: String...) throws -> Tool.Result { try start(["-c", code] + arguments) }

    /// Runs `train.py`.
    static func train(_ arguments: [String]) throws -> Tool.Result { try start([training + "/train.py"] + arguments) }

    /// Runs `train.py` with each of these arguments in one process, which saves the time that importing PyTorch takes; returns what each
    /// ends with where it fails, else "".
    static func train(each runs: [[String]]) throws -> [String] {
        let code = """
            import json, options, sys, train
            ends = []
            for arguments in json.loads(sys.argv[1]):
                sys.argv[1:] = arguments
                ends.append(train.failure(options.parse_options("")) or "")
            print(json.dumps(ends))
            """
        let result = try run(code, String(decoding: JSONEncoder().encode(runs), as: UTF8.self))
        guard result.status == 0, let line = result.output.split(separator: "\n").last else { throw Failure(errors: result.errors) }
        return try JSONDecoder().decode([String].self, from: Data(line.utf8))
    }

    struct Failure: Error {
        let errors: String
    }

    private static func start(_ arguments: [String]) throws -> Tool.Result {
        let environment = ["PYTHONPATH": training, "PYTHONDONTWRITEBYTECODE": "1", "OMP_NUM_THREADS": "1", "CUDA_VISIBLE_DEVICES": ""]
        return try Tool.run([path] + arguments, program: "/usr/bin/env", environment: environment)
    }
}
