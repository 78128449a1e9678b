import Testing

@testable import ESegImaging

@Suite struct StreamFrameTests {
    @Test func doubtfulPixelsBecomeWhiteAndNoOther() {
        let frame = StreamFrame(), doubt: [UInt8] = [0, 255, 127, 128, 1, 200]
        frame.reshape(width: 3, height: 2)
        frame.pixels = Array(1...18)
        frame.doubt = doubt
        frame.whitenDoubtful()
        #expect(frame.pixels == [1, 2, 3, 255, 255, 255, 7, 8, 9, 255, 255, 255, 13, 14, 15, 255, 255, 255])
    }
}
