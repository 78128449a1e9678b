import TestSupport
import Testing

@testable import Quantization

struct ExactSumsTests {
    @Test func sumsDoNotDependOnTheOrder() {
        var random = SplitMix(seed: 1)
        let numbers = (0..<200).map { _ in [random.gaussian() * 1e12, random.gaussian() * 1e-9, random.gaussian()] }
        func sums(_ numbers: [[Double]]) -> ExactSums {
            var sums = ExactSums(channels: 3)
            for number in numbers { sums.add(number) }
            return sums
        }
        let all = sums(numbers)
        #expect(sums(numbers.reversed()) == all)
        var parts = sums(Array(numbers.dropFirst(70)))
        parts.add(sums(Array(numbers.prefix(70))))
        #expect(parts == all)
        for (channel, sum) in all.doubles.enumerated() {
            let rough = numbers.reduce(0) { $0 + $1[channel] }
            #expect(abs(sum - rough) <= 1e-9 * numbers.reduce(0) { $0 + abs($1[channel]) })
        }
    }

    @Test(arguments: [0, 1, -1, 0.1, -0.1, 3e38, -3e38, 0x1p283, -0x1p283, 0x1.fffffffffffffp100, -0x1.fffffffffffffp-60, 0x1p-128])
    func numbersComeBackAsTheyAre(number: Double) {
        var sums = ExactSums(channels: 2)
        sums.add([number, 0])
        #expect(sums.doubles == [number, 0])
        sums.add([-number, 0])
        #expect(sums == ExactSums(channels: 2))
    }

    @Test func nothingIsLostBesideGreatNumbers() {
        var sums = ExactSums(channels: 1)
        for number in [1e60, 1.5, -1e60, 0x1p-100] { sums.add([number]) }
        #expect(sums.doubles == [1.5])
        sums.add([-1.5])
        #expect(sums.doubles == [0x1p-100])
    }

    @Test func digitsOutOfRangeAreRefused() {
        let sums = ExactSums(channels: 1)
        #expect(ExactSums(values: sums.values, channels: 1) == sums)
        #expect(ExactSums(values: sums.values, channels: 2) == nil)
        for (digit, value) in [(0, -1), (3, Int64(1) << 32), (12, Int64.min), (12, Int64.max)] {
            var values = sums.values
            values[digit] = value
            #expect(ExactSums(values: values, channels: 1) == nil)
        }
        let most = Int64(1) << 40
        for (last, isOne) in [(most, true), (-most, true), (most + 1, false), (-most - 1, false)] {
            var values = sums.values
            values[12] = last
            #expect((ExactSums(values: values, channels: 1) != nil) == isOne)
        }
    }
}
