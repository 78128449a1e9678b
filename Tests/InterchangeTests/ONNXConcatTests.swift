import ESegNetwork
import ESegRuntime
import Quantization
import TestSupport
import Testing

@testable import Interchange

/// Concat of maps, from ONNX and to it.
@Suite struct ONNXConcatTests {
    /// Of three maps, of which one is itself such and one is read elsewhere too.
    private static let network = {
        var maker = GraphMaker()
        let stem = maker.convolution(0, 8, kernel: 3, stride: 2, .relu)
        let inner = maker.concat([maker.convolution(stem, 3, kernel: 3, .relu), maker.convolution(stem, 6)])
        maker.convolution(maker.concat([inner, maker.depthwise(stem, .relu6), stem]), 4)
        return randomNetwork(maker.graph)
    }()
    private static let plain = InputNormalization(mean: network.description.mean, std: network.description.std)

    private static func model(_ change: (inout ONNX.Model) -> Void = { _ in }) -> ONNX.Model {
        var writer = FloatModelWriter(network, batchNormalization: false)
        var model = writer.model()
        change(&model)
        return model
    }

    @Test func concatsComeBackAndComputeTheSame() throws {
        let imported = try FloatNetwork(Self.model(), file: "net.onnx", input: Self.plain)
        #expect(imported.graph == Self.network.graph)
        let image = RGBImage.gradient(width: 96, height: 64)
        let logits = try [Self.network, imported].map { try FloatExecutor($0, height: 64, width: 96, threads: 1).run(image).logits }
        let greatest = logits[0].reduce(0) { max($0, abs($1)) }
        #expect(greatest > 0 && zip(logits[0], logits[1]).allSatisfy { abs($0 - $1) <= 1e-5 * greatest })
    }

    @Test func negativeAxesAndSingleMapsAreTaken() throws {
        let counted = try FloatNetwork(
            Self.model { model in
                for i in model.graph.nodes.indices where model.graph.nodes[i].operation == "Concat" {
                    model.graph.nodes[i].attributes = [.int("axis", -3)]
                }
            }, file: "net.onnx", input: Self.plain)
        #expect(counted.graph == Self.network.graph)
        let single = try FloatNetwork(
            Self.model { model in
                let first = model.graph.nodes.firstIndex { $0.operation == "Conv" } ?? 0, output = model.graph.nodes[first].outputs[0]
                for i in model.graph.nodes.indices where model.graph.nodes[i].inputs.first == output {
                    model.graph.nodes[i].inputs[0] = "one"
                }
                let concat = ONNX.Node(
                    name: "one", operation: "Concat", inputs: [output], outputs: ["one"], attributes: [.int("axis", 1)])
                model.graph.nodes.insert(concat, at: first + 1)
            }, file: "net.onnx", input: Self.plain)
        #expect(!single.graph.nodes.contains { $0.name == "one" })
    }

    @Test(arguments: [
        ("axis", "2"), ("inputs", "17 maps"), ("inputs", "maps of one size"),
    ])
    func whatIsNoConcatOfMapsIsRefused(field: String, found: String) throws {
        let model = Self.model { model in
            guard let at = model.graph.nodes.firstIndex(where: { $0.operation == "Concat" }) else { return }
            let input = model.graph.nodes[at].inputs[0]
            switch found {
            case "2": model.graph.nodes[at].attributes = [.int("axis", 2)]
            case "17 maps": model.graph.nodes[at].inputs = Array(repeating: input, count: 17)
            default:
                let pool: [ONNX.Attribute] = [.ints("kernel_shape", [3, 3]), .ints("strides", [2, 2]), .ints("pads", [1, 1, 1, 1])]
                model.graph.nodes.insert(
                    ONNX.Node(name: "pool", operation: "MaxPool", inputs: [input], outputs: ["pool"], attributes: pool), at: at)
                model.graph.nodes[at + 1].inputs[1] = "pool"
            }
        }
        do {
            _ = try FloatNetwork(model, file: "net.onnx", input: Self.plain)
            Issue.record("accepted")
        } catch {
            #expect(error.file == "net.onnx" && error.field.contains("Concat") && error.field.contains(field), "\(error)")
            #expect(error.description.contains(found), "\(error)")
        }
    }

    @Test func exportsConcatAndTheRoundingAfterIt() throws {
        var calibrator = try Calibrator(network: Self.network, height: 64, width: 96, threads: 1)
        try calibrator.add(image: .gradient(width: 96, height: 64))
        let quantized = try Quantizer.quantize(network: Self.network, statistics: calibrator.finish())
        let graph = try quantized.onnxModel(file: "test", size: nil).graph
        let concats = graph.nodes.filter { $0.operation == "Concat" && $0.name.hasPrefix("concat") }
        #expect(concats.count == 2)
        for concat in concats {
            #expect(graph.nodes.contains { $0.operation == "QuantizeLinear" && $0.inputs.first == concat.outputs[0] })
        }
    }
}
