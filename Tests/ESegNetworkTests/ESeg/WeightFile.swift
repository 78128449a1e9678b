@testable import ESegNetwork

/// A weight file of random but sane values, to be changed and written.
struct WeightFile {
    var metadata: [String: String]
    private var tensors: [String: FloatTensor] = [:]

    /// Small, and with all that a network can have but fused blocks.
    static let small = ESegConfig(
        name: "small", width: 0.1, depth: 0.4, block: .mbconv, activation: .silu, squeezeExcite: true, liteScaling: false,
        forceKernel3: false,
        fpnChannels: 8, fpnRepeats: 1, maxLevel: 6, classes: 3)

    init(config: ESegConfig, seed: UInt64) throws {
        metadata = ["config": config.json.text, "classes": #"["sky","road","car"]"#]
        var generator = SeededGenerator(seed: seed)
        for tensor in try Architecture(config: config).tensors {
            let range: ClosedRange<Float> = tensor.name.hasSuffix("running_var") || tensor.name.hasSuffix("weights") ? 0.5...2 : -1...1
            let values = (0..<tensor.shape.reduce(1, *)).map { _ in Float.random(in: range, using: &generator) }
            tensors[tensor.name] = FloatTensor(shape: tensor.shape, values: values)
        }
    }

    subscript(name: String) -> FloatTensor? {
        get { tensors[name] }
        set { tensors[name] = newValue }
    }

    func write(to path: String) throws {
        var writer = SafetensorsWriter(metadata: metadata)
        for (name, tensor) in tensors { try writer.add(name, shape: tensor.shape, values: tensor.values) }
        try writer.write(to: path)
    }
}
