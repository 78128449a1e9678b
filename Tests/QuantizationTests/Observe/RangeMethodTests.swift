import ESegNetwork
import TestSupport
import Testing

@testable import Quantization

struct RangeMethodTests {
    @Test(arguments: [(Activation.relu6, RangeMethod.mse), (.relu, .kl), (.silu, .kl), (.hardSwish, .kl)])
    func everyNodeOfANetworkOfOneActivationHasOneMethod(activation: Activation, method: RangeMethod) throws {
        let graph = tinyNetwork(activation: activation).graph
        #expect(RangeMethod.automatic.resolved(for: graph, isFitted: false).dropFirst().allSatisfy { $0 == method })
        #expect(RangeMethod.automatic.resolved(for: graph, isFitted: true).allSatisfy { $0 == .output })
        #expect(RangeMethod.minMax.resolved(for: graph, isFitted: true).allSatisfy { $0 == .minMax })
    }

    /// A ReLU6 and a ReLU of the image, both of which a linear layer adds up; another reads the first alone.
    @Test func withoutAnActivationANodeHasTheMethodOfWhatItIsMadeFrom() {
        func layer(_ activation: Activation, residual: Bool = false, inputs: Int = 8) -> Operation {
            .convolution(
                Convolution(
                    inputChannels: inputs, outputChannels: 8, kernel: 1, stride: 1, activation: activation, residual: residual))
        }
        let graph = Graph(nodes: [
            Node(name: "image", operation: .image(Image()), inputs: []),
            Node(name: "bounded", operation: layer(.relu6, inputs: 3), inputs: [0]),
            Node(name: "open", operation: layer(.relu, inputs: 3), inputs: [0]),
            Node(name: "sum", operation: layer(.none, residual: true), inputs: [1, 2]),
            Node(name: "linear", operation: layer(.none), inputs: [1]),
            Node(name: "pool", operation: .maxPool(MaxPool(channels: 8)), inputs: [4]),
        ])
        let methods = RangeMethod.automatic.resolved(for: graph, isFitted: false)
        #expect(methods.dropFirst() == [.mse, .kl, .kl, .mse, .mse])
    }
}
