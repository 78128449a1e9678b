import ESegNetwork

extension ActivationCurve {
    /// The output's code for an int16 code of the input: the arithmetic that `ActivationCurve` specifies, written again for tables.
    func code(_ t: Int16, zeroPoint: UInt8) -> UInt8 {
        func multiplied(_ x: Int, _ y: Int16) -> Int { (x * Int(y) + (1 << 14)) >> 15 }
        func saturated(_ value: Int) -> Int { min(max(value, Int(Int16.min)), Int(Int16.max)) }
        let magnitude = min(Int(t.magnitude), Int(Int16.max))
        let piece = magnitude >> 9
        var y = saturated(multiplied(max(Int(t), 0), gain) + Int(base[piece]))
        y = saturated(y + multiplied((magnitude & 511) << 6, slope[piece]))
        return UInt8(min(max(Int(zeroPoint) + (saturated(y + 32) >> 6), 0), 255))
    }
}
