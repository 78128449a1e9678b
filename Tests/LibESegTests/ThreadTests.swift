import CESeg
import ESegRuntime
import Foundation
import TestSupport
import Testing

@testable import LibESeg

@Suite struct ThreadTests {
    private let image = RGBImage.gradient(width: 480, height: 360)

    @Test func aSecondThreadIsToldThatASessionIsBusy() throws {
        let session = try CSession(try CModel(), width: 480, height: 360), image = image
        let expected = try session.classes(of: image)
        let statuses = Collected<UInt32>(), rights = Collected<Bool>()
        // Each of two goes on until one was refused.
        let ended = DispatchGroup()
        for _ in 0..<2 {
            ended.enter()
            Thread.detachNewThread {
                for _ in 0..<1000 where statuses.values.isEmpty {
                    do { rights.add(try session.classes(of: image) == expected) } catch { statuses.add((error as? Refusal)?.status ?? 98) }
                }
                ended.leave()
            }
        }
        ended.wait()
        #expect(Set(statuses.values) == [ESEG_BUSY.rawValue])
        #expect(rights.values.allSatisfy { $0 })
        #expect(try session.classes(of: image) == expected)
    }

    @Test func sessionsOfOneModelWorkAtTheSameTime() throws {
        let model = try CModel(), image = RGBImage.gradient(width: 48, height: 40)
        let expected = try CSession(model, width: 48, height: 40).classes(of: image)
        let sessions = try (1...4).map { try CSession(model, width: 48, height: 40, threads: $0) }
        let rights = Collected<Bool>()
        DispatchQueue.concurrentPerform(iterations: 4) { index in
            for _ in 0..<20 { rights.add((try? sessions[index].classes(of: image)) == expected) }
        }
        #expect(rights.values.count == 80 && rights.values.allSatisfy { $0 })
    }

    @Test func aSessionsCPUsHoldForTheTimeOfACall() throws {
        let before = CPUList.allowed, image = RGBImage.gradient(width: 48, height: 40)
        let one = try #require(before.cpus.last)
        var options = eseg_session_options()
        (options.width, options.height, options.threads) = (48, 40, 3)
        let session = try CSession(try CModel(), options, cpus: "\(one)")
        let expected = try CSession(try CModel(), width: 48, height: 40).classes(of: image)
        #expect(try session.classes(of: image) == expected)
        #expect(CPUList.allowed == before)
        options.threads = 0
        #expect(try CSession(try CModel(), options, cpus: "\(one)").info.threads == 1)
    }

    @Test func threadsOfATeamArePinnedEachToItsShare() throws {
        let before = CPUList.allowed
        let pins = try TeamPins(before, threads: 2)
        let during = try pins.pinned { CPUList.allowed }
        let half = max(before.cpus.count / 2, 1)
        #expect(during == CPUList(before.cpus.prefix(half)))
        #expect(CPUList.allowed == before)
        struct Thrown: Error {}
        #expect(throws: Thrown.self) { try pins.pinned { throw Thrown() } }
        #expect(CPUList.allowed == before)
    }
}

/// Values from several threads.
private final class Collected<Value>: @unchecked Sendable {
    private let lock = NSLock()
    private var all: [Value] = []
    var values: [Value] { lock.withLock { all } }
    func add(_ value: Value) { lock.withLock { all.append(value) } }
}
