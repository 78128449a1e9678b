import ESegImaging
import ESegNetwork
import ESegRuntime
import Foundation
import TestSupport
import Testing

extension LongTests {
    /// `Examples/Training`, from frames and labels to a measured int8 network.
    @Suite(.serialized, .enabled(if: Python.canTrain, Python.absence(for: "Training"))) struct TrainingTests {
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

        /// `train.py`'s arguments for two steps an epoch on crops of 64×64; those given replace the earlier ones.
        private func run(into name: String, _ arguments: String...) -> [String] {
            [
                Tool.package + "/Samples/calibration", "--classes", folder.path + "/classes.txt", "--config", folder.path + "/tiny.json",
                "--crop", "64x64", "--batch", "8", "--epochs", "2", "-o", "\(folder.path)/\(name)",
            ] + arguments
        }

        @Test func framesAndLabelsBecomeAMeasuredModel() throws {
            let data = folder.path + "/val", weights = folder.path + "/out/weights.safetensors", model = folder.path + "/tiny.eseg"
            let trained = try Python.train(run(into: "out", "--val", data, "--class-weights"))
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
            let ends = try Python.train(each: [
                run(into: "whole"), run(into: "halves", "--stop-after", "1"), run(into: "halves"),
                run(into: "halves", "--resume", "--epochs", "3"), run(into: "nothing", "--resume"),
            ])
            let state = "train.py: error: \(folder.path)/halves/state.pt"
            #expect(
                ends[..<4] == [
                    "", "", "\(state): found a run, expected an empty folder, or --resume to continue that run",
                    "\(state): epochs: found 2, expected 3",
                ])
            #expect(ends[4].hasSuffix("nothing/state.pt: found no file, expected the state of a run to resume"))
            let rest = try Python.train(run(into: "halves", "--resume", "--workers", "1"))
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
            let edge = try Python.train(
                run(into: "edge", "--config", "eseg-edge", "--init", Tool.weights, "--lr", "1e-9", "--ema", "0", "--epochs", "1"))
            try #require(edge.status == 0, "\(edge.errors)")
            #expect(edge.output.contains("; initialized at random: classifier\n"))
            let start = try Safetensors(contentsOf: Tool.weights).floats("backbone.stem.conv.weight")
            let end = try Safetensors(contentsOf: folder.path + "/edge/weights.safetensors").floats("backbone.stem.conv.weight")
            #expect(zip(start.values, end.values).allSatisfy { abs($0 - $1) < 1e-6 })
        }

        @Test func everyNetworkHasTheTensorsOfAWeightFile() throws {
            let code = """
                import dataclasses, json, torch
                from config import CONFIGS
                from network import ESeg
                from weights import stored_tensors
                with torch.device("meta"):
                    models = [ESeg(config) for config in CONFIGS.values()]
                for model in models:
                    print(json.dumps({
                        "config": json.dumps(dataclasses.asdict(model.config)),
                        "parameters": sum(parameter.numel() for parameter in model.parameters()),
                        "tensors": [f"{name} {list(tensor.shape)}" for name, tensor in stored_tensors(model).items()]}))
                """
            struct Described: Decodable {
                let config: String
                let parameters: Int
                let tensors: [String]
            }
            let result = try Python.run(code)
            try #require(result.status == 0, "\(result.errors)")
            let found = try result.output.split(separator: "\n").map { try JSONDecoder().decode(Described.self, from: Data($0.utf8)) }
            let presets = ESegConfig.presets(classes: 19)
            let millions = found.map { String(format: "%.3g", Double($0.parameters) / 1e6) }
            #expect(millions == ["3.12", "22.6", "26.9", "38.2", "6.82", "19.9", "70.2"])
            #expect(try found.map { try ESegConfig(json: JSONValue(parsing: $0.config, file: "", field: ""), file: "") } == presets)
            for (network, config) in zip(found, presets) {
                #expect(try network.tensors.sorted() == Architecture(config: config).tensors.map { "\($0.name) \($0.shape)" }.sorted())
            }
        }

        @Test func whatCannotBeUsedIsNamedBeforeTheTraining() throws {
            func gray(_ width: UInt32, _ height: UInt32) -> [UInt8] {
                let row = [UInt8](repeating: 0, count: Int(width))
                return PNGBuilder(width: width, height: height, type: .gray, rows: Array(repeating: row, count: Int(height))).bytes
            }
            let frame = try RGBImage.gradient(width: 40, height: 36).pngBytes()
            func data(_ name: String, _ files: [String: [UInt8]]) throws -> [String] {
                try folder.write(frame, to: "\(name)/images/a.png")
                for (path, bytes) in files { try folder.write(bytes, to: "\(name)/\(path)") }
                return ["\(folder.path)/\(name)"] + run(into: "bad").dropFirst()
            }
            let cut = Array(gray(40, 36).dropLast(800))
            let damaged = try data("damaged", ["images/b.png": frame, "labels/a.png": cut, "labels/b.png": cut])
            let cases: [(arguments: [String], message: String)] = [
                (try data("nothing", [:]), "nothing/labels: found no folder, expected a folder"),
                (try data("size", ["labels/a.png": gray(4, 2)]), "size/labels/a.png: found size 4x2, expected 40x36, the size of "),
                (
                    try data("lost", ["labels/b.png": gray(4, 2)]),
                    "lost/labels/b.png: found no frame of that name, expected b.jpg or b.png in "
                ),
                (
                    try data("color", ["labels/a.png": frame]),
                    "a.png: found 8-bit RGB, expected an 8-bit gray or palette PNG of class indices"
                ),
                (try data("few", ["labels/a.png": gray(40, 36)]), "few: found 1 labeled frames, expected at least 8, one --batch"),
                (try data("text", ["labels/a.png": Array("no image".utf8)]), "expected a JPEG or PNG image"),
                (run(into: "bad", "--config", "eseg-xl"), "--config eseg-xl: found No such file or directory, expected eseg-edge, "),
                (run(into: "bad", "--classes", folder.path + "/absent"), "/absent: found No such file or directory, expected the classes"),
                (run(into: "bad", "--init", folder.path + "/tiny.json"), "/tiny.json: found "),
                (run(into: "bad", "--device", "abacus"), "--device abacus: found "),
                (["/proc/none"] + run(into: "bad").dropFirst(), "/proc/none/images: found no folder, expected a folder"),
                (run(into: "../../proc/bad"), "/proc/bad: "),
                (damaged + ["--batch", "2", "-o", folder.path + "/damaged"], "damaged/labels/"),
                (damaged + ["--batch", "2", "-o", folder.path + "/damaged", "--workers", "1"], ", expected a whole image"),
            ]
            let ends = try Python.train(each: cases.map(\.arguments))
            for (end, expected) in zip(ends, cases.map(\.message)) {
                #expect(end.hasPrefix("train.py: error: ") && end.contains(expected) && !end.contains("\n"), "\(end)")
            }
            #expect(!FileManager.default.fileExists(atPath: folder.path + "/bad"))
        }
    }
}
