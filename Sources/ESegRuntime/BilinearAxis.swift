import ESegNetwork

/// Where the samples of one axis of a bilinear resize lie on the input's: between two neighbors, which are one at the edges.
struct BilinearAxis {
    private(set) var lower: [Int] = []
    private(set) var upper: [Int] = []
    /// Of the upper neighbor in parts of `one`, rounded half up from the exact position.
    private(set) var weights: [Int] = []

    /// - Parameter ratio: input per output extent, as `positions` take it.
    init(from input: Int, to output: Int, _ positions: SamplePositions, _ ratio: ExactRatio, one: Int) {
        for sample in 0..<output {
            let (numerator, denominator) = Self.position(of: sample, from: input, to: output, positions, ratio)
            let fixed = (max(numerator, 0) * one + denominator / 2) / denominator, isLast = fixed / one >= input - 1
            lower.append(isLast ? input - 1 : fixed / one)
            upper.append(min(fixed / one + 1, input - 1))
            weights.append(isLast ? 0 : fixed % one)
        }
    }

    /// A sample's position as a fraction.
    private static func position(
        of sample: Int, from input: Int, to output: Int, _ positions: SamplePositions, _ ratio: ExactRatio
    ) -> (numerator: Int, denominator: Int) {
        switch positions {
        case .halfPixel: ((2 * sample + 1) * ratio.numerator - ratio.denominator, 2 * ratio.denominator)
        case .alignCorners: output > 1 ? (sample * (input - 1), output - 1) : (0, 1)
        case .asymmetric: (sample * ratio.numerator, ratio.denominator)
        }
    }
}

extension BilinearResize {
    /// Rows and columns of a resize.
    func axes(from input: Shape, to output: Shape, one: Int) -> (rows: BilinearAxis, columns: BilinearAxis) {
        let ratios = target.ratios(from: input, to: output)
        return (
            BilinearAxis(from: input.height, to: output.height, positions, ratios.height, one: one),
            BilinearAxis(from: input.width, to: output.width, positions, ratios.width, one: one)
        )
    }
}
