import Foundation
import TestSupport
import Testing

extension LongTests {
    /// `Examples/Python`: a network of PyTorch's, trained, quantized and compared in one script.
    @Suite(.enabled(if: Python.hasPackage, Python.absence(for: "Python"))) struct PythonExampleTests {
        private static let script = Tool.package + "/Examples/Python/pytorch_to_int8.py"

        @Test func aNetworkOfPyTorchsGoesToInt8AndKeepsItsClasses() throws {
            let folder = try TemporaryFolder()
            let environment = ["PYTHONDONTWRITEBYTECODE": "1", "CUDA_VISIBLE_DEVICES": ""]
            let result = try Tool.run([Python.path, Self.script, folder.path], program: "/usr/bin/env", environment: environment)
            try #require(result.status == 0, "\(result.errors)")
            let match = result.output.firstMatch(of: #/\n([0-9.]+) % of pixels keep their class/#)
            let agreement = try #require(match.flatMap { Double($0.1) })
            #expect(agreement > 97, "\(agreement) %")
            for name in ["net.onnx", "net.eseg", "overlay.png"] {
                #expect(FileManager.default.fileExists(atPath: "\(folder.path)/\(name)"), "\(name)")
            }
        }
    }
}
