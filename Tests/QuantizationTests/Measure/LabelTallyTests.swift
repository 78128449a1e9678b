import ESegRuntime
import Testing

@testable import Quantization

@Suite struct LabelTallyTests {
    private func tally(_ labels: [UInt8]?, unknown: [UInt8: Int] = [:]) -> LabelTally {
        var tally = LabelTally(classes: 3)
        tally.add(
            LabeledFrame(name: "a", image: RGBImage(width: 1, height: 1, pixels: [0, 0, 0]), labels: labels, unknownLabels: unknown))
        return tally
    }

    @Test func labelsThatAreClassesOrNoneNeedNoWord() throws {
        for labels in [nil, [0, 1, 2, 255]] as [[UInt8]?] {
            #expect(tally(labels).note == nil)
            try tally(labels).check()
        }
    }

    @Test func labelsThatAreNoClassesAreNamed() throws {
        let tally = tally([0, 1, 2, 255, 255], unknown: [20: 1, 7: 1])
        try tally.check()
        #expect(tally.note == "found 7, 20 in 40.00 % of labeled pixels, which do not count, expected classes from 0 to 2, or 255 for none")
    }

    @Test func labelsOfWhichMostAreNoClassesAreRefused() {
        let values = Dictionary(uniqueKeysWithValues: (3..<13).map { ($0 as UInt8, 1) })
        let tally = tally([0, 1, 2] + [UInt8](repeating: 255, count: 10), unknown: values)
        let expected = CompareError.unknownLabels(
            found: "76.92 % of labeled pixels, such as 3, 4, 5, 6, 7, 8, 9, 10 and 2 others",
            expected: "classes from 0 to 2, or 255 for none")
        #expect(throws: expected) { try tally.check() }
    }

    @Test func labelsWithoutAnyClassAreToldOf() throws {
        let tally = tally([255, 255])
        try tally.check()
        #expect(tally.note == "found no pixel with a class, expected classes from 0 to 2, or 255 for none")
    }

    @Test func partsAddUp() {
        var sum = tally([0, 1, 255], unknown: [9: 1])
        sum.merge(tally([2], unknown: [:]))
        #expect(sum.frames == 2 && sum.known == 3 && sum.unknown[9] == 1)
    }
}
