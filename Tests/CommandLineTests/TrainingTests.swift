import ESegImaging
import ESegNetwork
import ESegRuntime
import Foundation
import TestSupport
import Testing

/// `Examples/Training`, from frames and labels to a measured int8 network.
@Suite(.serialized, .enabled(if: Python.isPresent, Python.absence)) struct TrainingTests {
    private let folder: TemporaryFolder
    private let classNames = try? FloatNetwork(contentsOf: Tool.weights).classNames

    /// A folder with the names of classes, a tiny config, and two frames to measure on.
    init() throws {
        folder = try TemporaryFolder()
        try folder.write(Array(#require(classNames).joined(separator: "\n").utf8), to: "classes.txt")
        try folder.write(Array(Self.config.utf8), to: "tiny.json")
        for frame in ["000376", "000377"] {
            for (kind, suffix) in [("images", "jpg"), ("labels", "png")] {
                let bytes = try Data(contentsOf: URL(fileURLWithPath: "\(Tool.comparisonData)/\(kind)/\(frame).\(suffix)"))
                try folder.write(Array(bytes), to: "val/\(kind)/\(frame).\(suffix)")
            }
        }
    }

    private static let config = """
        {"name": "tiny", "width": 0.25, "depth": 0.5, "block": "mbconv", "activation": "silu", "squeeze_excite": true,
         "fpn_channels": 16, "fpn_repeats": 2, "max_level": 7}
        """

    /// Two steps an epoch on crops of 64×64.
    private func train(into name: String, _ arguments: String...) throws -> Tool.Result {
        try Python.train(
            [
                Tool.package + "/Samples/calibration", "--classes", folder.path + "/classes.txt", "--config", folder.path + "/tiny.json",
                "--crop", "64x64", "--batch", "8", "-o", "\(folder.path)/\(name)",
            ] + arguments)
    }

    @Test func framesAndLabelsBecomeAMeasuredModel() throws {
        let data = folder.path + "/val", weights = folder.path + "/out/weights.safetensors", model = folder.path + "/tiny.eseg"
        let trained = try train(into: "out", "--epochs", "2", "--val", data, "--class-weights")
        try #require(trained.status == 0, "\(trained.errors)")
        #expect(try FloatNetwork(contentsOf: weights).classNames == classNames)
        try expectAgreement(weights)

        let quantized = try Tool.run("quantize", weights, "--calibrate", data + "/images", "--size", "240x180", "-o", model)
        #expect(quantized.status == 0, "\(quantized.errors)")
        let json = folder.path + "/cost.json"
        let compared = try Tool.run("compare", weights, model, "--data", data, "--json", json)
        #expect(compared.status == 0, "\(compared.errors)")
        let cost = try #require(try JSONSerialization.jsonObject(with: Data(contentsOf: URL(fileURLWithPath: json))) as? [String: Any])
        #expect(try #require(cost["argmaxAgreement"] as? Double) > 80)
        let float = try #require((cost["float"] as? [String: Any])?["mIoU"] as? Double)
        let best = try #require(trained.output.firstMatch(of: /was the best: mIoU ([0-9.]+) %/)?.1)
        #expect(abs(float - (try #require(Double(best)))) < 0.01, "PyTorch measured \(best) %")
    }

    @Test func theShippedWeightsMeanTheSameToPyTorch() throws { try expectAgreement(Tool.weights) }

    /// Expects the float logits of both for a frame of odd size to agree.
    private func expectAgreement(_ weights: String) throws {
        let image = try RGBImage(contentsOf: Tool.comparisonData + "/images/000376.jpg").resized(width: 161, height: 97)
        let frame = try folder.write(image.pngBytes(), to: "frame.png"), output = folder.path + "/logits.safetensors"
        let code = """
            import sys, numpy, torch
            from pathlib import Path
            from safetensors.torch import save_file
            from frames import read_frame
            from weights import load_weights
            model, _ = load_weights(sys.argv[1])
            pixels = torch.from_numpy(numpy.array(read_frame(Path(sys.argv[2])))).permute(2, 0, 1)[None].float()
            with torch.no_grad():
                save_file({"logits": model(pixels)[0].permute(1, 2, 0).contiguous()}, sys.argv[3])
            """
        let computed = try Python.run(code, weights, frame, output)
        try #require(computed.status == 0, "\(computed.errors)")
        let expected = try Safetensors(contentsOf: output).floats("logits")
        let executor = try FloatExecutor(try FloatNetwork(contentsOf: weights), height: 97, width: 161, threads: 1)
        let result = try executor.run(image)
        #expect(expected.shape == [result.shape.height, result.shape.width, result.shape.channels])
        let largest = try #require(expected.values.map(abs).max())
        let difference = zip(result.logits, expected.values).map { abs($0 - $1) }.max() ?? .infinity
        #expect(difference <= 2e-4 * largest, "\(difference) of \(largest)")
    }

    @Test func resumedRunsEndAsIfTheyHadNotStopped() throws {
        let whole = try train(into: "whole", "--epochs", "2")
        #expect(whole.status == 0, "\(whole.errors)")
        let half = try train(into: "halves", "--epochs", "2", "--stop-after", "1")
        #expect(half.status == 0, "\(half.errors)")
        let again = try train(into: "halves", "--epochs", "2")
        #expect(again.status == 1 && again.errors.hasSuffix("state.pt: found a run, expected an empty folder, or --resume to continue that run\n"))
        let other = try train(into: "halves", "--epochs", "3", "--resume")
        #expect(other.status == 1 && other.errors.hasSuffix("/state.pt: epochs: found 2, expected 3\n"), "\(other.errors)")
        let rest = try train(into: "halves", "--epochs", "2", "--resume", "--workers", "1")
        #expect(rest.status == 0, "\(rest.errors)")
        #expect(rest.output.contains("epoch 2/2") && !rest.output.contains("epoch 1/2"))
        let (a, b) = (try tensors(of: "whole"), try tensors(of: "halves"))
        #expect(a.count > 300 && a == b)
    }

    private func tensors(of run: String) throws -> [String: FloatTensor] {
        let file = try Safetensors(contentsOf: "\(folder.path)/\(run)/weights.safetensors")
        return Dictionary(uniqueKeysWithValues: try file.tensors.keys.map { ($0, try file.floats($0)) })
    }

    @Test func otherWeightsAreAStart() throws {
        try folder.write(Array("road\nother\n".utf8), to: "classes.txt")
        let edge = try Python.train([
            Tool.package + "/Samples/calibration", "--classes", folder.path + "/classes.txt", "--init", Tool.weights, "--lr", "1e-9",
            "--crop", "64x64", "--batch", "2", "--epochs", "1", "--ema", "0", "-o", folder.path + "/edge",
        ])
        try #require(edge.status == 0, "\(edge.errors)")
        #expect(edge.output.contains("; starts afresh: classifier\n"))
        let start = try Safetensors(contentsOf: Tool.weights).floats("backbone.stem.conv.weight")
        let end = try Safetensors(contentsOf: folder.path + "/edge/weights.safetensors").floats("backbone.stem.conv.weight")
        #expect(zip(start.values, end.values).allSatisfy { abs($0 - $1) < 1e-6 })
    }

    @Test(arguments: zip(Config.presets(classes: 19), [3.12, 22.6, 26.9, 38.2, 6.82, 19.9, 70.2]))
    func everyNetworkHasTheTensorsOfAWeightFile(config: Config, millions: Double) throws {
        let code = """
            import dataclasses, json, sys, torch
            from config import CONFIGS
            from network import ESeg
            from weights import stored_tensors
            with torch.device("meta"):
                model = ESeg(CONFIGS[sys.argv[1]])
            print(sum(parameter.numel() for parameter in model.parameters()))
            print(json.dumps(dataclasses.asdict(model.config)))
            for name, tensor in stored_tensors(model).items():
                print(name, list(tensor.shape))
            """
        let result = try Python.run(code, config.name)
        try #require(result.status == 0, "\(result.errors)")
        var lines = result.output.split(separator: "\n").map(String.init)
        let parameters = try #require(Double(lines.removeFirst()))
        #expect(abs(parameters / 1e6 - millions) <= (millions < 10 ? 0.005 : 0.05))
        #expect(try Config(json: JSONValue(parsing: lines.removeFirst(), file: "", field: ""), file: "") == config)
        #expect(lines.sorted() == (try Architecture(config: config).tensors.map { "\($0.name) \($0.shape)" }.sorted()))
    }
}
