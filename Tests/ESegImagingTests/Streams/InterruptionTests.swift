import Foundation
import Testing

@testable import ESegImaging

@Suite struct InterruptionTests {
    @Test func aPauseLastsUnlessItIsInterrupted() throws {
        let interruption = try Interruption(), start = ContinuousClock.now
        #expect(interruption.pause(milliseconds: 20))
        #expect(ContinuousClock.now - start >= .milliseconds(20))
        Thread.detachNewThread {
            usleep(20_000)
            interruption.interrupt()
        }
        #expect(!interruption.pause(milliseconds: 60_000))
        #expect(!interruption.pause(milliseconds: 60_000) && ContinuousClock.now - start < .seconds(60))
    }
}
