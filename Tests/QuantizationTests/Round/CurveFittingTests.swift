import ESegNetwork
import Testing

@testable import Quantization

extension ActivationCurve {
    /// The curve as `ActivationCurve` specifies it, in 1/64 of the output's step.
    func value(_ t: Int) -> Int {
        func sat16(_ x: Int) -> Int { min(32767, max(-32768, x)) }
        func mulhrs(_ x: Int, _ y: Int) -> Int { (x * y + (1 << 14)) >> 15 }
        let a = min(abs(t), 32767), i = a >> 9, f = (a & 511) << 6
        let ramp = sat16(mulhrs(max(t, 0), Int(gain)) + Int(base[i]))
        return sat16(ramp + mulhrs(f, Int(slope[i])))
    }
}

@Suite("Curves of activations")
struct CurveFittingTests {
    static let activations = [Activation.silu, .hardSwish, .gelu, .geluTanh]
    static let ranges = [(0.05, -0.3), (0.5, -1), (2, -3), (4, -12), (8, -8), (20, -40), (200, -90)]

    @Test("are within a quarter of an output step of the activation wherever codes reach", arguments: activations, ranges)
    func accuracy(kind: Activation, range: (upper: Double, least: Double)) throws {
        let (activation, found) = try quantized(kind, range.upper, range.least)
        let step = found.output.step, inputStep = Double(found.curve.inputScale)
        var worst = 0.0
        for t in -32767...32767 {
            let exact = activation.value(Double(t) * inputStep)
            if exact > found.output.top { break }
            worst = max(worst, abs(Double(found.curve.value(t)) / 64 - exact / step))
        }
        // So far out, all that HardSwish adds to ReLU is half a step, between two points of the curve.
        #expect(worst < (kind == .hardSwish && range.upper > 100 ? 0.5 : 0.25))
    }

    @Test("saturate the top code and reach the least preactivation or the tail's end", arguments: activations, ranges)
    func reach(kind: Activation, range: (upper: Double, least: Double)) throws {
        let (activation, found) = try quantized(kind, range.upper, range.least)
        let greatest = 32767 * Double(found.curve.inputScale)
        #expect(activation.value(greatest) >= found.output.top + found.output.step / 4)
        #expect(greatest >= min(-range.least, activation.tail(found.output.step / 8)) * 0.999)
        #expect(found.output.top >= range.upper * 0.99)
    }

    @Test("have the finest steps with which they do", arguments: [Activation.silu, .gelu, .geluTanh], ranges)
    func steps(kind: Activation, range: (upper: Double, least: Double)) throws {
        let (activation, found) = try quantized(kind, range.upper, range.least)
        let lower = range.least < -1.5 ? activation.minimum : activation.value(range.least)
        let wanted = Quantization(covering: ValueRange(lower: lower, upper: range.upper))
        let top = activation.inverse(wanted.top + wanted.step / 2)
        let reach = max(top, min(-range.least, activation.tail(wanted.step / 8)))
        #expect(found.curve.inputScale == Float(reach / 32767))
    }

    /// Where the input must reach far, the output's steps are as fine as the gain's 16 bits allow.
    @Test("have the greatest gain that fits", arguments: [Activation.silu, .gelu, .geluTanh])
    func gain(kind: Activation) throws { #expect(try quantized(kind, 0.001, -40).found.curve.gain == 32766) }

    private func quantized(
        _ kind: Activation, _ upper: Double, _ least: Double
    ) throws -> (activation: CurvedActivation, found: QuantizedActivation) {
        let activation = try #require(CurvedActivation(kind)), lower = least < -1.5 ? activation.minimum : activation.value(least)
        let range = ValueRange(lower: lower, upper: upper)
        return (activation, QuantizedActivation(activation, range: range, leastPreactivation: least, inputStepAtLeast: 0))
    }

    @Test("have an inverse and a tail", arguments: zip(activations, [-1.278464542761074, -1.5, -0.7517915229850254, -0.7524614114801474]))
    func inverse(kind: Activation, least: Double) throws {
        let activation = try #require(CurvedActivation(kind))
        for x in [0, 0.1, 1, 5, 50] { #expect(abs(activation.inverse(activation.value(x)) - x) < 1e-9) }
        #expect(abs(activation.value(-activation.tail(0.01)) + 0.01) < 1e-9)
        #expect(abs(activation.value(least) - activation.minimum) < 1e-15)
        for x in [-5, -2, -0.5, 0.5, 2, 5] { #expect(abs(max(0, x) + activation.deviation(x) - activation.value(x)) < 1e-15) }
    }

    @Test("are of no other activation", arguments: [Activation.none, .relu, .relu6])
    func others(kind: Activation) { #expect(CurvedActivation(kind) == nil) }
}
