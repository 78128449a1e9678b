import ESegNetwork
import TestSupport
import Testing

@testable import ESegRuntime

@Suite(.serialized) struct FloatRandomNetworkTests {
    @Test("Every preset runs at an even and an odd size with sane activations in every layer", arguments: ESegConfig.presets().map(\.name))
    func presets(name: String) throws {
        let config = try #require(ESegConfig.preset(name))
        let network = try FloatNetwork.random(config: config, seed: 1)
        for (height, width) in [(256, 256), (97, 161)] {
            let image = RGBImage.random(height: height, width: width, seed: 5)
            let executor = try FloatExecutor(network, height: height, width: width, threads: 2)
            var insane: [String] = []
            let result = try executor.run(image) { index, values, _ in
                let largest = values.reduce(0) { max($0, abs($1)) }
                if !(largest > 1e-3 && largest < 1e4) { insane.append("\(network.graph.nodes[index].name): \(largest)") }
            }
            #expect(insane.isEmpty, "\(config.name) \(insane.prefix(8))")
            #expect(result.logits.allSatisfy { $0.isFinite })
            #expect(Set(result.classes.classes).count > 1)
        }
    }

    @Test("A seed gives one network, another seed another")
    func seeds() throws {
        let config = try #require(ESegConfig.preset("eseg-edge"))
        let networks = try [1, 1, 2].map { try FloatNetwork.random(config: config, seed: $0).parameters }
        #expect(networks[0] == networks[1])
        #expect(networks[0] != networks[2])
    }
}
