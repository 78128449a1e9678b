import ESegNetwork
import Testing

@testable import Calibration

extension SiLUCurve {
    /// The curve as `SiLUCurve` specifies it, in 1/64 of the output's step.
    func value(_ t: Int) -> Int {
        func sat16(_ x: Int) -> Int { min(32767, max(-32768, x)) }
        func mulhrs(_ x: Int, _ y: Int) -> Int { (x * y + (1 << 14)) >> 15 }
        let a = min(abs(t), 32767), i = a >> 9, f = (a & 511) << 6
        let ramp = sat16(mulhrs(max(t, 0), Int(gain)) + Int(base[i]))
        return sat16(ramp + mulhrs(f, Int(slope[i])))
    }
}

@Suite("SiLU curve")
struct SiLUCurveTests {
    static let ranges = [(0.05, -0.3), (0.5, -1), (2, -3), (4, -12), (8, -8), (20, -40), (200, -90)]

    @Test("is within a quarter of an output step of SiLU wherever codes reach", arguments: ranges)
    func accuracy(upper: Double, least: Double) {
        let silu = quantized(upper, least)
        let step = silu.output.step, inputStep = Double(silu.curve.inputScale)
        var worst = 0.0
        for t in -32767...32767 {
            let exact = SiLU.value(Double(t) * inputStep)
            if exact > silu.output.top { break }
            worst = max(worst, abs(Double(silu.curve.value(t)) / 64 - exact / step))
        }
        #expect(worst < 0.25)
    }

    @Test("saturates the top code and reaches the least preactivation or the tail's end", arguments: ranges)
    func reach(upper: Double, least: Double) {
        let silu = quantized(upper, least)
        let greatest = 32767 * Double(silu.curve.inputScale)
        #expect(SiLU.value(greatest) >= silu.output.top + silu.output.step / 4)
        #expect(greatest >= min(-least, SiLU.tail(silu.output.step / 8)) * 0.999)
        #expect(silu.output.top >= upper * 0.99)
    }

    private func quantized(_ upper: Double, _ least: Double) -> QuantizedSiLU {
        let lower = least < -1.28 ? SiLU.minimum : SiLU.value(least)
        return QuantizedSiLU(range: ValueRange(lower: lower, upper: upper), leastPreactivation: least, inputStepAtLeast: 0)
    }

    @Test("inverse and tail undo SiLU")
    func inverse() {
        for x in [0, 0.1, 1, 5, 50] { #expect(abs(SiLU.inverse(SiLU.value(x)) - x) < 1e-9) }
        #expect(abs(SiLU.value(-SiLU.tail(0.01)) + 0.01) < 1e-9)
        #expect(abs(SiLU.value(-1.278464542761074) - SiLU.minimum) < 1e-15)
    }
}
