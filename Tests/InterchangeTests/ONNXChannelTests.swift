import ESegNetwork
import TestSupport
import Testing

@testable import Interchange

/// What takes all channels of a pixel together: inside a network, behind it, and where it takes something else.
@Suite struct ONNXChannelTests {
    /// A model of 32×32 pixels; `build` gets a map of four channels and 16×16 pixels and returns its output.
    private static func network(opset: Int64 = 17, _ build: (inout ONNXGraphWriter, String) -> String) throws -> FloatNetwork {
        var writer = ONNXGraphWriter(name: "test")
        let image = writer.input("image", .float, [.fixed(1), .fixed(3), .fixed(32), .fixed(32)])
        let weights = writer.constant("weights", (0..<108).map { Float($0 % 7) - 3 }, shape: [4, 3, 3, 3])
        let map = writer.node("Conv", [image, weights], "a", Window(kernel: 3, stride: 2).onnxAttributes)
        let output = build(&writer, map)
        writer.output(output, .float, [])
        let model = ONNX.Model(irVersion: 8, producer: "test", graph: writer.graph, operatorSets: ["": opset])
        return try FloatNetwork(model, file: "test.onnx", input: InputNormalization(mean: [0, 0, 0], std: [1, 1, 1]))
    }

    private static func operators(_ network: FloatNetwork) -> [String] { network.graph.nodes.dropFirst().map(\.operation.name) }

    @Test(arguments: [9, 11, 13, 17] as [Int64])
    func aSoftmaxBehindTheLogitsIsDropped(opset: Int64) throws {
        let network = try Self.network(opset: opset) { writer, map in writer.node("Softmax", [map], "softmax", [.int("axis", 1)]) }
        #expect(Self.operators(network) == ["convolution"])
        let last = try Self.network(opset: opset) { writer, map in
            let transposed = writer.node("Transpose", [map], "there", [.ints("perm", [0, 2, 3, 1])])
            let shares = writer.node("Softmax", [transposed], "softmax", [.int("axis", 3)])
            return writer.node("Transpose", [shares], "back", [.ints("perm", [0, 3, 1, 2])])
        }
        #expect(Self.operators(last) == ["convolution"])
    }

    @Test func aSoftmaxInsideANetworkIsANode() throws {
        let network = try Self.network { writer, map in
            writer.node("Mul", [map, writer.node("Softmax", [map], "softmax", [.int("axis", -3)])], "product")
        }
        #expect(Self.operators(network) == ["convolution", "softmax", "product"])
    }

    @Test(
        arguments: [(11, [], "product"), (17, [], "softmax"), (17, [.int("axis", 2)], "softmax"), (11, [.int("axis", .min)], "softmax")]
            as [(Int64, [ONNX.Attribute], String)])
    func whatIsNotOverChannelsIsRefusedByName(opset: Int64, attributes: [ONNX.Attribute], name: String) {
        let refusal = refusal {
            try Self.network(opset: opset) { writer, map in
                writer.node("Mul", [map, writer.node("Softmax", [map], "softmax", attributes)], "product")
            }
        }
        #expect(refusal.hasPrefix("node \"\(name)\""), "\(refusal)")
    }

    @Test(arguments: [0, 1])
    func theGreatestChannelHasADimensionOrNone(keeps: Int) throws {
        let attributes: [ONNX.Attribute] = [.ints("axes", [-3]), .int("keepdims", keeps)]
        let network = try Self.network { writer, map in
            let most = writer.node("ReduceMax", [map], "most", attributes),
                doubt = writer.node("Sub", [writer.scalar("one", Float(1)), most], "sub")
            return writer.node("Mul", [map, doubt], "product")
        }
        #expect(Self.operators(network) == ["convolution", "channel_maximum", "depthwise", "product"])
        let concat = refusal {
            try Self.network { writer, map in
                let most = writer.node("ReduceMax", [map], "most", attributes)
                return writer.node("Concat", [map, writer.node("Relu", [most], "relu")], "concat", [.int("axis", 1)])
            }
        }
        #expect(concat.hasPrefix(keeps == 1 ? "taken" : "node \"concat\""), "\(concat)")
    }

    @Test func aProductWithARepeatedChannelHasAllChannels() throws {
        let network = try Self.network { writer, map in
            let most = writer.node("ReduceMax", [map], "most", [.ints("axes", [1])])
            let repeated = writer.node("Expand", [most, writer.constant("shape", [Int64(1), 5, 16, 16], shape: [4])], "expand")
            let product = writer.node("Mul", [repeated, most], "product")
            return writer.node(
                "Mul", [writer.node("Mul", [repeated, product], "square"), writer.node("Sigmoid", [most], "gate")], "gated")
        }
        #expect(network.graph.nodes.last?.channels == 5)
        #expect(
            Self.operators(network)
                == ["convolution", "channel_maximum", "channel_selection", "product", "product", "depthwise", "product"])
    }

    @Test func aTensorWithoutChannelsIsNotSplitOrMeasuredAsAMap() throws {
        let attributes: [ONNX.Attribute] = [.ints("axes", [1]), .int("keepdims", 0)]
        let split = refusal {
            try Self.network { writer, map in
                let most = writer.node("ReduceMax", [map], "most", attributes)
                return writer.node("Split", [most], "split", [.int("axis", 1)])
            }
        }
        #expect(split.hasPrefix("node \"split\""), "\(split)")
        _ = try Self.network { writer, map in
            let most = writer.node("ReduceMax", [map], "most", attributes), shape = writer.node("Shape", [most], "shape")
            let batch = writer.constant("batch", [Int64(1)], shape: [1])
            let target = writer.node("Concat", [batch, shape], "target", [.int("axis", 0)])
            return writer.node("Mul", [map, writer.node("Expand", [most, target], "expand")], "product")
        }
    }

    @Test func oneChannelIsRepeated() throws {
        let network = try Self.network { writer, map in
            let most = writer.node("ReduceMax", [map], "most", [.ints("axes", [1])])
            let shape = writer.constant("shape", [Int64(1), 3, 16, 16], shape: [4])
            return writer.node("Relu", [writer.node("Expand", [most, shape], "expand")], "relu")
        }
        #expect(Self.operators(network) == ["convolution", "channel_maximum", "channel_selection", "depthwise"])
    }

    /// The field that an import is refused for.
    private func refusal(_ make: () throws -> FloatNetwork) -> String {
        do {
            _ = try make()
            return "taken"
        } catch {
            return (error as? NetworkError)?.field ?? "\(error)"
        }
    }
}
