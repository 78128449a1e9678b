import ESegNetwork

/// A curved activation's quantization: the curve and the codes it gives.
struct QuantizedActivation {
    var curve: ActivationCurve
    var output: Quantization

    /// The finest steps with which int16 codes reach as far as matters on both sides: up to where the output's top code is reached, and
    /// down to the least preactivation that was seen or to where the curve is within 1/8 of a code of zero.
    ///
    /// - inputStepAtLeast: what else the input's codes must hold.
    init(_ activation: CurvedActivation, range: ValueRange, leastPreactivation: Double, inputStepAtLeast: Double) {
        let wanted = Quantization(covering: range)
        let reach = max(activation.inverse(wanted.top + wanted.step / 2), min(-leastPreactivation, activation.tail(wanted.step / 8)))
        let inputStep = activation.aligned(ActivationCurve.width * max(reach / 32767, inputStepAtLeast)) / ActivationCurve.width
        output = Quantization(covering: range, stepAtLeast: inputStep * ActivationCurve.leastStepRatio)
        curve = ActivationCurve(activation, inputStep: inputStep, outputStep: output.step)
    }
}

extension ActivationCurve {
    static let points = 64
    /// Input steps between two points.
    static let width = 512.0
    /// The least ratio of the output's step to the input's for which the gain and the table fit int16.
    static let leastStepRatio = 64.0 * 32768 / 32766

    init(_ activation: CurvedActivation, inputStep: Double, outputStep: Double) {
        let unit = outputStep / Double(ActivationCurve.points)
        let table = ActivationCurve.knots(activation, spacing: ActivationCurve.width * inputStep).map { Int16(rounding: $0 / unit) }
        self.init(
            inputScale: Float(inputStep),
            gain: Int16(rounding: inputStep / unit * 32768),
            base: Array(table.dropLast()),
            slope: zip(table, table.dropFirst()).map { $1 - $0 })
    }

    /// Values of the deviation from ReLU, moved toward the curve's side of its chords so that these err by half and to both sides.
    private static func knots(_ activation: CurvedActivation, spacing: Double) -> [Double] {
        let sags = (0...points).map { point in
            let (start, end) = (Double(point) * spacing, Double(point + 1) * spacing)
            return activation.deviation((start + end) / 2) - (activation.deviation(start) + activation.deviation(end)) / 2
        }
        return (0...points).map { point -> Double in
            let sag: Double = (sags[max(0, point - 1)] + sags[point]) / 4
            return activation.deviation(Double(point) * spacing) + sag
        }
    }
}

extension FixedWidthInteger {
    /// The nearest integer, ties to even, saturated to the type.
    init(rounding value: Double) {
        let rounded = value.rounded(.toNearestOrEven)
        self = rounded >= Double(Self.max) ? .max : rounded > Double(Self.min) ? Self(rounded) : .min
    }
}
