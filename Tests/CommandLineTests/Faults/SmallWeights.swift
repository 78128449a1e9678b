import ESegNetwork
import TestSupport

/// The weights of a network that is small, so that a command is over soon; they are random.
struct SmallWeights {
    private static let config = ESegConfig(
        name: "small", width: 0.1, depth: 0.1, block: .mbconv, activation: .relu6, squeezeExcite: false, liteScaling: false,
        forceKernel3: true, fpnChannels: 8, fpnRepeats: 1, maxLevel: 6, classes: 3)

    static func write(to path: String) throws {
        var writer = SafetensorsWriter(metadata: ["config": config.json.text, "classes": #"["sky","road","car"]"#])
        var random = SplitMix(seed: 1)
        for tensor in try Architecture(config: config).tensors {
            let count = tensor.shape.reduce(1, *), inputs = tensor.shape.dropFirst().reduce(1, *)
            let isWeight = tensor.shape.count > 1 && tensor.name.hasSuffix(".weight")
            let values = (0..<count).map { _ in isWeight ? Float(random.gaussian() / Double(inputs).squareRoot()) : Float(1) }
            try writer.add(tensor.name, shape: tensor.shape, values: values)
        }
        try writer.write(to: path)
    }
}
