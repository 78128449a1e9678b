/// Sums of doubles, one for each channel, in fixed point of so many bits that they do not depend on the order of what is added.
///
/// A sum is Σ digit[k] · 2^(32k − 128). Digits are in 0..<2^32 except for the last, which has the sign. Only what is below 2^-128 is rounded.
struct ExactSums: Sendable, Equatable {
    static let digits = 13
    static let leastExponent = -128
    /// What a file may hold of the last digit, so that a million sums still fit.
    private static let lastDigits = -(Int64(1) << 40)...(Int64(1) << 40)

    /// [channels][digits].
    private(set) var values: [Int64]

    init(channels: Int) { values = Array(repeating: 0, count: channels * Self.digits) }

    /// nil unless these are the digits of that many sums.
    init?(values: [Int64], channels: Int) {
        guard values.count == channels * Self.digits else { return nil }
        for (index, value) in values.enumerated() {
            let isLast = index % Self.digits == Self.digits - 1
            guard isLast ? Self.lastDigits.contains(value) : (0..<(Int64(1) << 32)).contains(value) else { return nil }
        }
        self.values = values
    }

    var channels: Int { values.count / Self.digits }

    /// Adds one number to each channel's sum; their magnitudes are below 2^284.
    mutating func add(_ numbers: [Double]) {
        for (channel, number) in numbers.enumerated() { add(number, from: channel * Self.digits) }
    }

    mutating func add(_ other: ExactSums) {
        for (index, value) in other.values.enumerated() { values[index] += value }
        for channel in 0..<channels { carry(from: channel * Self.digits, through: channel * Self.digits + Self.digits - 1) }
    }

    /// The sums, each as the same double on every machine.
    var doubles: [Double] {
        (0..<channels).map { channel in
            var sum = 0.0
            for digit in (0..<Self.digits).reversed() {
                let unit = Double(sign: .plus, exponent: 32 * digit + Self.leastExponent, significand: 1)
                sum += Double(values[channel * Self.digits + digit]) * unit
            }
            return sum
        }
    }

    private mutating func add(_ number: Double, from first: Int) {
        let scaled = (number * Double(sign: .plus, exponent: -Self.leastExponent, significand: 1)).rounded(.toNearestOrEven)
        guard scaled != 0 else { return }
        let exponent = max(0, Int(scaled.exponent) - 52)
        let mantissa = Int64(scaled * Double(sign: .plus, exponent: -exponent, significand: 1))
        let (digit, shift) = (first + exponent / 32, exponent % 32)
        let low = (mantissa & 0xFFFF_FFFF) << Int64(shift)
        values[digit] += low & 0xFFFF_FFFF
        values[digit + 1] += low >> 32 + (mantissa >> 32) << Int64(shift)
        carry(from: digit, through: first + Self.digits - 1)
    }

    private mutating func carry(from digit: Int, through last: Int) {
        for index in digit..<last {
            values[index + 1] += values[index] >> 32
            values[index] &= 0xFFFF_FFFF
        }
    }
}
