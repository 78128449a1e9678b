import Foundation
import TestSupport
import Testing

extension LongTests {
    /// `Examples/Networks`: a network that a Python package defines, from PyTorch to class maps.
    @Suite(.enabled(if: Python.hasTorchvision, Python.absence(for: "Networks"))) struct NetworkExampleTests {
        private static let script = Tool.package + "/Examples/Networks/quantize-lraspp"

        @Test func torchvisionsNetworkBecomesAnInt8Model() throws {
            let folder = try TemporaryFolder()
            let own = URL(fileURLWithPath: Tool.path).deletingLastPathComponent().path
            let path = "\(own):\(ProcessInfo.processInfo.environment["PATH"] ?? "")"
            let environment = ["PATH": path, "ESEG_PYTHON": Python.path, "PYTHONDONTWRITEBYTECODE": "1", "CUDA_VISIBLE_DEVICES": ""]
            let result = try Tool.run([folder.path, "4"], program: Self.script, environment: environment)
            try #require(result.status == 0, "\(result.errors)")

            let text = result.output
            #expect(text.contains("lraspp.onnx, float") && text.contains("classifier/low_classifier  "))
            let agreement = try #require(text.firstMatch(of: #/argmax agreement +([0-9.]+) %/#).flatMap { Double($0.1) })
            #expect(agreement > 50, "\(agreement) %")
            for name in ["000376", "000377"] {
                #expect(FileManager.default.fileExists(atPath: "\(folder.path)/maps/\(name).png"), "\(name)")
            }
        }
    }
}
