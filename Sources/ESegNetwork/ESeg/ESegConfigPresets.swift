extension ESegConfig {
    /// The paper's six networks (arXiv 2203.12683) and eseg-edge, smallest first within a family.
    public static func presets(classes: Int = 11) -> [ESegConfig] {
        let half: [Float] = [0.5, 0.5, 0.5]
        var edge = mbconv("eseg-edge", 1.0, 1.0, channels: 64, repeats: 1, classes: classes)
        edge.activation = .relu6
        edge.squeezeExcite = false
        edge.liteScaling = true
        edge.mean = half
        edge.std = half
        return [
            edge,
            lite("eseg-lite-s", 1.0, 1.1, channels: 64, repeats: 1, classes: classes),
            lite("eseg-lite-m", 1.1, 1.2, channels: 80, repeats: 2, classes: classes),
            lite("eseg-lite-l", 1.2, 1.4, channels: 96, repeats: 3, classes: classes),
            mbconv("eseg-s", 1.0, 1.1, channels: 96, repeats: 4, classes: classes),
            mbconv("eseg-m", 1.4, 1.8, channels: 192, repeats: 5, classes: classes),
            mbconv("eseg-l", 2.0, 3.1, channels: 288, repeats: 6, classes: classes),
        ]
    }

    /// The preset of that name, or nil.
    public static func preset(_ name: String, classes: Int = 11) -> ESegConfig? {
        presets(classes: classes).first { $0.name == name }
    }

    private static func lite(_ name: String, _ width: Double, _ depth: Double, channels: Int, repeats: Int, classes: Int) -> ESegConfig {
        ESegConfig(
            name: name, width: width, depth: depth, block: .fused, activation: .relu, squeezeExcite: false, liteScaling: false,
            forceKernel3: true, fpnChannels: channels, fpnRepeats: repeats, classes: classes)
    }

    private static func mbconv(_ name: String, _ width: Double, _ depth: Double, channels: Int, repeats: Int, classes: Int) -> ESegConfig {
        ESegConfig(
            name: name, width: width, depth: depth, block: .mbconv, activation: .silu, squeezeExcite: true, liteScaling: false,
            forceKernel3: false, fpnChannels: channels, fpnRepeats: repeats, classes: classes)
    }
}
