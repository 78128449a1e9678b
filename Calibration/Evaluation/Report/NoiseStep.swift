/// A step of the color scale of SQNR: ColorBrewer's YlOrRd, which tells apart without red or green, the noisier the darker.
struct NoiseStep: Equatable {
    /// The least SQNR of the step, in dB.
    var atLeast: Double
    var meaning: String
    /// The CSS class that colors it.
    var style: String

    /// All steps from the cleanest to the noisiest.
    static let all = [
        NoiseStep(atLeast: 40, meaning: "40 dB and more", style: "n0"), NoiseStep(atLeast: 35, meaning: "35 to 40", style: "n1"),
        NoiseStep(atLeast: 30, meaning: "30 to 35", style: "n2"), NoiseStep(atLeast: 25, meaning: "25 to 30", style: "n3"),
        NoiseStep(atLeast: 20, meaning: "20 to 25", style: "n4"), NoiseStep(atLeast: 15, meaning: "15 to 20", style: "n5"),
        NoiseStep(atLeast: -.infinity, meaning: "below 15 dB", style: "n6"),
    ]

    /// nil where nothing was measured.
    static func of(_ decibels: Double?) -> NoiseStep? {
        guard let decibels, !decibels.isNaN else { return nil }
        return all.first { decibels >= $0.atLeast }
    }
}
