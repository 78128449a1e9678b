import Testing

@testable import eseg

/// The watchdog is fed by finished frames, and is off while there are none to expect.
@Suite struct WatchdogTests {
    /// Observes cameras at seconds 0, 1, 2, …, of an interval of 8 seconds; returns what was told, each with its second.
    private func told(_ seconds: [[Watchdog.Activity]]) -> [String] {
        let start = ContinuousClock.now
        var watchdog = Watchdog(interval: .seconds(8), at: start)
        return seconds.enumerated().compactMap { second, cameras in
            watchdog.observe(cameras, at: start + .seconds(second)).map { "\(second) \($0)" }
        }
    }

    private func camera(_ finished: Int, _ mustFinish: Bool) -> Watchdog.Activity { .init(finished: finished, mustFinish: mustFinish) }

    @Test func finishedFramesFeedItFourTimesInAnInterval() {
        #expect(told((0...6).map { [camera(10 * $0, true)] }) == ["2 WATCHDOG=1", "4 WATCHDOG=1", "6 WATCHDOG=1"])
    }

    @Test func withoutThemItStarves() {
        #expect(told((0...20).map { [camera(min($0, 3), true)] }) == ["2 WATCHDOG=1", "4 WATCHDOG=1"])
        #expect(told((0...20).map { _ in [camera(0, true)] }) == [])
    }

    @Test func oneCameraThatHangsIsEnough() {
        #expect(told((0...20).map { [camera($0, true), camera(min($0, 1), true)] }) == ["2 WATCHDOG=1"])
    }

    @Test func whereNothingIsToBeExpectedItIsOff() {
        #expect(told((0...9).map { _ in [camera(0, false)] }) == ["0 WATCHDOG_USEC=0"])
        let gone = (0...2).map { [camera($0, true)] } + (3...7).map { _ in [camera(2, false)] } + (8...10).map { [camera($0, true)] }
        #expect(told(gone) == ["2 WATCHDOG=1", "6 WATCHDOG_USEC=0", "8 WATCHDOG_USEC=8000000", "10 WATCHDOG=1"])
    }

    @Test func aCameraThatGoesDoesNotStarveTheOthers() {
        #expect(
            told((0...8).map { [camera($0, true), camera(min($0, 1), $0 < 2)] })
                == ["2 WATCHDOG=1", "5 WATCHDOG=1", "7 WATCHDOG=1"])
    }

    @Test func aCameraThatComesHasAnIntervalForItsFirstFrame() {
        let seconds = (0...20).map { [camera($0, true), camera(0, $0 >= 5)] }
        #expect(told(seconds) == ["2 WATCHDOG=1", "4 WATCHDOG=1", "6 WATCHDOG=1"])
    }

    @Test func framesThatComeNowAndThenDoNotTurnItOff() {
        let seconds = (0...12).map { [camera($0 / 3, false)] }
        #expect(told(seconds) == ["0 WATCHDOG_USEC=0", "3 WATCHDOG_USEC=8000000", "6 WATCHDOG=1", "9 WATCHDOG=1", "12 WATCHDOG=1"])
    }
}
