import Foundation
import Testing

@testable import ESegRuntime

@Suite struct TopologyTests {
    @Test func theFastestOfTwoKindsAreTheBigCoresThoughTheirClocksDiffer() throws {
        let system = try FakeSystem.rk3588()
        #expect(Topology(root: system.root, allowed: CPUList(0..<8)).fastest == CPUList(4..<8))
    }

    @Test func onlyCPUsThatTheProcessMayUseCount() throws {
        let system = try FakeSystem.rk3588()
        #expect(Topology(root: system.root, allowed: CPUList([0, 1, 5])).fastest == CPUList([5]))
        #expect(Topology(root: system.root, allowed: CPUList(0..<3)).fastest == CPUList(0..<3))
    }

    @Test func withoutCapacitiesFrequenciesTell() throws {
        let system = try FakeSystem.rk3588()
        try FileManager.default.removeItem(atPath: system.root + "/sys/devices/system/cpu/cpu0/cpu_capacity")
        let topology = Topology(root: system.root, allowed: CPUList(0..<8))
        #expect(topology.cpus.map(\.speed) == [Int](repeating: 1_800_000, count: 4) + [Int](repeating: 2_400_000, count: 4))
        #expect(topology.fastest == CPUList(4..<8))
    }

    @Test func withoutEitherAllAreAlike() throws {
        let system = try FakeSystem.virtualX86()
        #expect(Topology(root: system.root, allowed: CPUList(0..<2)).fastest == CPUList(0..<2))
    }

    @Test(arguments: ["", "\n", "many\n", "-5\n", "0\n", "99999999999999999999\n", "9223372036854775807\n", "\u{1B}[2J"])
    func garbageIsAsGoodAsNothing(text: String) throws {
        let system = try FakeSystem.filled(with: Data(text.utf8))
        #expect(Topology(root: system.root, allowed: CPUList(0..<2)).fastest == CPUList(0..<2))
    }

    @Test func aThreadMayRunOnWhatThisMachineAllows() {
        #expect(!CPUList.allowed.cpus.isEmpty)
        #expect(Topology().cpus.map(\.number) == CPUList.allowed.cpus)
    }

    @Test func pinningToACPUThatIsOfflineIsRefusedAndChangesNothing() throws {
        let system = try FakeSystem(["/sys/devices/system/cpu/online": "0-2\n"])
        let before = CPUList.allowed
        #expect(throws: RuntimeError.cpus(found: "2-4, of which 3-4 not online", expected: "CPUs of 0-2")) {
            try CPUList(2...4).pin(root: system.root)
        }
        #expect(throws: RuntimeError.cpus(found: "4095", expected: "CPUs that this process may use")) {
            try CPUList([4095]).pin(root: system.root + "/nothing")
        }
        #expect(CPUList.allowed == before)
    }
}
