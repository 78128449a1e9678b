import ESegNetwork
import Testing

@testable import eseg

@Suite struct DoubtWatchTests {
    private func notices(_ shares: [Double], usual: Double = 0.02) -> [Int: String] {
        var watch = DoubtWatch(DoubtCalibration.Seen(pixels: usual, flips: 0.99)), notices: [Int: String] = [:]
        for (frame, share) in shares.enumerated() { notices[frame] = watch.notice(share) }
        return notices
    }

    @Test func asMuchAsUsualIsNotWorthAWord() {
        #expect(notices(Array(repeating: 0.05, count: 300)).isEmpty)
    }

    @Test func aFewFramesAreNotWorthAWord() {
        #expect(notices(Array(repeating: 0.5, count: 2) + Array(repeating: 0.02, count: 28)).isEmpty)
    }

    @Test func whatStaysFarAboveIsToldOnceAndItsEndToo() {
        let found = notices(Array(repeating: 0.07, count: 90) + Array(repeating: 0.05, count: 30) + Array(repeating: 0.03, count: 60))
        #expect(found.keys.sorted() == [29, 149])
        #expect(found[29]?.hasPrefix("found 7.00 % of pixels doubtful in 30 frames, expected about 2.00 %") == true)
        #expect(found[149] == "found 3.00 % of pixels doubtful in 30 frames, again about as on calibration's frames, 2.00 %")
    }

    @Test func hardlyAnyAreFewWhateverTheirNumber() {
        #expect(notices(Array(repeating: 0.009, count: 60), usual: 0.0001).isEmpty)
    }
}
