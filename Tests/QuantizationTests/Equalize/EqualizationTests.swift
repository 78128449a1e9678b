import ESegNetwork
import ESegRuntime
import TestSupport
import Testing

@testable import Quantization

@Suite("Equalization")
struct EqualizationTests {
    private let image = randomImage(height: 48, width: 48, seed: 77)

    /// The output of each node that has one.
    private func outputs(_ network: FloatNetwork) throws -> [Int: [Float]] {
        var outputs: [Int: [Float]] = [:]
        _ = try FloatExecutor(network, height: 48, width: 48, threads: 1).run(image) { node, values, _ in outputs[node] = Array(values) }
        return outputs
    }

    @Test(
        "changes nothing of what the network computes, but for the scaling that it tells",
        arguments: [Activation.relu, .relu6, .silu, .hardSwish])
    func equivalence(activation: Activation) throws {
        let network = tinyNetwork(activation: activation)
        // ReLU6 is equivalent where the frames show that it does not clip: the frame itself must be among them.
        let prepared = try PreparedNetwork(network, frames: FittingFrames([image]), threads: 1)
        let (before, after) = (try outputs(network), try outputs(prepared.network))
        #expect(before.keys == after.keys)
        for (node, expected) in before {
            var found = try #require(after[node])
            prepared.scalings[node].undo(&found)
            let greatest = expected.reduce(0) { max($0, abs($1)) }
            for (expected, found) in zip(expected, found) { #expect(abs(expected - found) <= 1e-4 * max(greatest, 1)) }
        }
    }

    /// A residual stream of a concat and a sum, channels chosen, and blocks of them as pixels.
    private var joined: FloatNetwork {
        var maker = GraphMaker()
        let half = maker.convolution(0, 8, kernel: 3, stride: 2, .prelu)
        let concat = maker.concat([maker.convolution(half, 8, .relu), maker.convolution(half, 4, kernel: 3)])
        let each = maker.depthwise(maker.sum([concat, maker.convolution(half, 12)]), kernel: 1, .prelu)
        let chosen = maker.add(.channelSelection(ChannelSelection(inputChannels: 12, selected: [11, 3, 3, 0])), [each])
        let pixels = maker.add(.depthToSpace(DepthToSpace(channels: 3, block: 2)), [maker.convolution(chosen, 12, .relu)])
        maker.convolution(pixels, 5)
        return randomNetwork(maker.graph)
    }

    @Test("passes concats, chosen channels, blocks and slopes, and goes into the weights of the sums between them")
    func joins() throws {
        let network = joined, prepared = try PreparedNetwork(network, frames: FittingFrames([image]), threads: 1)
        let (before, after) = (try outputs(network), try outputs(prepared.network))
        for (node, expected) in before {
            var found = try #require(after[node])
            prepared.scalings[node].undo(&found)
            let greatest = expected.reduce(0) { max($0, abs($1)) }
            for (expected, found) in zip(expected, found) { #expect(abs(expected - found) <= 1e-4 * max(greatest, 1)) }
        }
        let factors = prepared.scalings.map(\.factors), nodes = network.graph.nodes
        let concat = try #require(nodes.firstIndex { $0.operation.name == Concat.name })
        #expect(factors[concat] == nodes[concat].inputs.flatMap { factors[$0] })
        for node in nodes.indices.dropFirst().dropLast() { #expect(!prepared.scalings[node].isIdentity, "\(nodes[node].name)") }
    }

    @Test("fills the range of a tensor that only a depthwise convolution reads")
    func depthwiseReaders() throws {
        let network = rescaled(tinyNetwork(activation: .relu), exponents: [-6, 5, 0, 3, -2, 6, -5, 1])
        let prepared = try PreparedNetwork(network, frames: tinyFrames(), threads: 1)
        let ranges = try ChannelRanges(prepared.network, tinyFrames(), isa: .best, threads: 1)
        let stem = try #require(network.graph.nodes.firstIndex { $0.name == "stem" })
        let all = ranges.magnitude(stem)
        for channel in 0..<8 where ranges.magnitude(stem, channel) > 0 { #expect(ranges.magnitude(stem, channel) > 0.99 * all) }
    }

    @Test("makes up for channels of unlike scale", arguments: [Effort.fast, .default])
    func adversary(effort: Effort) throws {
        let network = tinyNetwork(activation: .relu), hard = rescaled(network, exponents: [-6, 5, 0, 3, -2, 6, -5, 1])
        let without = try logitsSQNR(hard, fitted(hard, QuantizationOptions(effort: effort, without: [.equalization])))
        let with = try logitsSQNR(hard, fitted(hard, QuantizationOptions(effort: effort)))
        let easy = try logitsSQNR(network, fitted(network, QuantizationOptions(effort: effort)))
        #expect(with > without + 6)
        #expect(with > easy - 1.5)
    }

    @Test("leaves SiLU and HardSwish alone, and says so", arguments: [(Activation.silu, "SiLU"), (.hardSwish, "HardSwish")])
    func curved(activation: Activation, name: String) throws {
        let network = tinyNetwork(activation: activation)
        let prepared = try PreparedNetwork(network, frames: tinyFrames(), threads: 1)
        let stem = try #require(network.graph.nodes.firstIndex { $0.name == "stem" })
        #expect(prepared.scalings[stem].isIdentity)
        let skip = try #require(prepared.skipped.first { $0.nodes.contains("stem") })
        #expect(skip.description == "stem → block.depthwise: \(name) does not pass factors on")
    }

    @Test("leaves channels alone that ReLU6 clips, and keeps others from being clipped")
    func relu6() throws {
        var network = tinyNetwork(activation: .relu6)
        for channel in 0..<3 { network.parameters["stem.bias"]?.values[channel] = 20 }
        let frames = try tinyFrames(), prepared = try PreparedNetwork(network, frames: frames, threads: 1)
        let stem = try #require(network.graph.nodes.firstIndex { $0.name == "stem" })
        #expect(prepared.scalings[stem].factors.prefix(3) == [1, 1, 1])
        #expect(prepared.skipped.contains { $0.nodes.contains("stem") && $0.channels.map { $0 >= 3 } == true && $0.reason == .clipped })
        let before = try ChannelRanges(network, frames, isa: .best, threads: 1)
        let after = try ChannelRanges(prepared.network, frames, isa: .best, threads: 1)
        for channel in 0..<8 where before.magnitude(stem, channel) < 6 { #expect(after.magnitude(stem, channel) < 6) }
    }

    @Test("moves what a channel always exceeds into the next biases")
    func absorption() throws {
        var network = tinyNetwork(activation: .relu)
        network.parameters["block2.depthwise.bias"]?.values[2] = 40
        let frames = try tinyFrames(), prepared = try PreparedNetwork(network, frames: frames, threads: 1)
        let depthwise = try #require(network.graph.nodes.firstIndex { $0.name == "block2.depthwise" })
        let offset = prepared.scalings[depthwise].offsets[2]
        #expect(offset > 20)
        let least = try ChannelRanges(network, frames, isa: .best, threads: 1).lower[depthwise][2]
        #expect(abs(offset - least) < 1e-3 * least)
        let without = try logitsSQNR(network, fitted(network, QuantizationOptions(effort: .fast, without: [.equalization, .absorption])))
        let with = try logitsSQNR(network, fitted(network, QuantizationOptions(effort: .fast, without: [.equalization])))
        #expect(with > without + 1)
    }

    @Test("is left out where it is not wanted")
    func without() throws {
        let network = tinyNetwork(activation: .relu)
        let options = QuantizationOptions(without: [.equalization, .absorption])
        let prepared = try PreparedNetwork(network, frames: tinyFrames(), options: options, threads: 1)
        #expect(prepared.network.parameters == network.parameters)
        #expect(prepared.scalings.allSatisfy { $0.isIdentity })
    }
}
