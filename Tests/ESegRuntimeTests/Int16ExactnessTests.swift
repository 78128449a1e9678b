import ESegNetwork
import Foundation
import TestSupport
import Testing

@testable import ESegRuntime

/// The contract where activations are int16: the same bytes everywhere, and from fused and unfused plans.
@Suite("A network with int16 activations")
struct Int16ExactnessTests {
    static let configs = [
        ESegConfig(
            name: "silu", width: 0.2, depth: 0.6, block: .mbconv, activation: .silu, squeezeExcite: true, liteScaling: false,
            forceKernel3: false, fpnChannels: 24, fpnRepeats: 2, maxLevel: 7, classes: 5),
        ESegConfig(
            name: "relu", width: 0.2, depth: 1.1, block: .fused, activation: .relu, squeezeExcite: false, liteScaling: false,
            forceKernel3: true, fpnChannels: 16, fpnRepeats: 1, maxLevel: 6, classes: 11),
        ESegConfig(
            name: "relu6", width: 0.3, depth: 0.6, block: .mbconv, activation: .relu6, squeezeExcite: false, liteScaling: true,
            forceKernel3: false, fpnChannels: 20, fpnRepeats: 1, maxLevel: 9, classes: 3),
        ESegConfig(
            name: "hard_swish", width: 0.2, depth: 0.6, block: .mbconv, activation: .hardSwish, squeezeExcite: false, liteScaling: false,
            forceKernel3: false, fpnChannels: 24, fpnRepeats: 1, maxLevel: 7, classes: 5),
    ]

    /// SHA-256 of class map and logits of `ExactnessTests.scene` at 161x97.
    static let hashes = [
        "silu": "f42c70ee72ae6ff5b620195af0c04aede0774ca7ee8917ef56f6c34febc87ce9",
        "relu": "6aaf0c962f6deb9b17cfd8285ce1e52f2ae5dd26b724659b27439a90b2ecaea7",
        "relu6": "a16b17d8c6aa6f8ef0c4cc8298462cbf76d2b33f6f0f5381c05e325affb130e3",
        "hard_swish": "65c42ebfb432c640eda3bc7c48f45916ef84ae608be79de4f5c370ccdaeac166",
    ]

    @Test("gives the same bytes on every ISA, with any number of threads", arguments: ISA.underTest, configs)
    func bytes(isa: ISA, config: ESegConfig) throws {
        let model = try Model(Int16RandomNetwork.make(config, seed: 3), isa: isa)
        for threads in [1, 4] {
            let session = try Session(model, height: 97, width: 161, threads: threads)
            let found = try hash(session)
            #expect(found == Self.hashes[config.name], "\(isa), \(threads) threads")
        }
    }

    @Test("has steps of single int16 nodes and of fused 8-bit ones, and gives what all alone give", arguments: configs)
    func fusion(config: ESegConfig) throws {
        let network = try Int16RandomNetwork.make(config, seed: 3)
        let model = try Model(network)
        let session = try Session(model, height: 33, width: 70, threads: 2), inspector = try Inspector(model, height: 33, width: 70)
        let image = ExactnessTests.scene(height: 33, width: 70)
        #expect(try session.segment(image) == inspector.run(image))
        #expect(session.plan.steps.allSatisfy { $0.nodes.count == 1 || !$0.nodes.contains(where: network.isInt16) })
        #expect(session.layers.contains { $0.kind.hasPrefix("int16 ") })
        let logits = model.graph.nodes.count - 1
        #expect(inspector.values(of: logits) == session.logits.map { Float($0) * network.outputs[logits].scale })
        #expect(Set(session.logits).count > session.logits.count / 8)
    }

    @Test("joins convolutions where the map between is large, and gives what all alone give", arguments: configs)
    func chains(config: ESegConfig) throws {
        var joined = Set<Int>()
        for seed: UInt64 in 3...6 {
            let network = try Int16RandomNetwork.make(config, seed: seed)
            let model = try Model(network)
            let session = try Session(model, height: 320, width: 512, threads: 3)
            let image = ExactnessTests.scene(height: 320, width: 512)
            #expect(try session.segment(image) == Inspector(model, height: 320, width: 512).run(image))
            let chains = session.plan.steps.map(\.nodes).filter { $0.count > 1 && $0.allSatisfy(network.isInt16) }
            for node in chains.flatMap({ $0.dropLast() }) {
                joined.insert(node)
                #expect(network.outputs[node].precision == .int16 && session.plan.mapBytes(node) >= Plan.cachedBytes)
            }
        }
        #expect(!joined.isEmpty)
    }

    private func hash(_ session: Session) throws -> String {
        try Digest.text(of: session, segmenting: ExactnessTests.scene(height: session.height, width: session.width))
    }
}
