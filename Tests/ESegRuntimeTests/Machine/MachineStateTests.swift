import Testing

@testable import ESegRuntime

@Suite struct MachineStateTests {
    private func state(_ system: FakeSystem, cpus: Range<Int> = 4..<8) -> MachineState {
        MachineState(root: system.root, cpus: CPUList(cpus))
    }

    @Test func frequencyGovernorAndTemperatureAreOfTheCPUs() throws {
        let state = state(try FakeSystem.rk3588())
        #expect(state.megahertz == 2256)
        #expect(state.governor == "ondemand")
        #expect(state.celsius == 45.3)
        #expect(state.throttling.isEmpty)
    }

    @Test func theSlowestCPUsFrequencyCounts() throws {
        #expect(state(try FakeSystem.rk3588(), cpus: 0..<8).megahertz == 1008)
    }

    @Test func aMachineThatTellsNothingIsNotWarnedOf() throws {
        let state = state(try FakeSystem.virtualX86(), cpus: 0..<2)
        #expect(state.megahertz == nil && state.governor == nil && state.celsius == nil)
        #expect(MachineState.warnings(before: state, after: state).isEmpty)
    }

    @Test func anyGovernorButPerformanceIsWarnedOf() throws {
        let saving = state(try FakeSystem.rk3588()), steady = state(try FakeSystem.rk3588(governor: "performance"))
        #expect(
            MachineState.warnings(before: saving, after: saving) == [
                "the frequency governor is ondemand, not performance: times depend on what ran before"
            ])
        #expect(MachineState.warnings(before: steady, after: steady).isEmpty)
    }

    @Test func aZoneAtItsTripPointIsThrottling() throws {
        let cool = state(try FakeSystem.rk3588(governor: "performance"))
        let hot = state(try FakeSystem.rk3588(governor: "performance", temperature: 85_000))
        let reason = "soc-thermal is at 85 °C, and slows down from 85 °C on"
        #expect(hot.throttling == [reason])
        #expect(MachineState.warnings(before: cool, after: hot) == ["throttled while measuring: " + reason])
        #expect(MachineState.warnings(before: hot, after: hot) == ["throttled before the first run: " + reason])
    }

    @Test func aFirmwaresFlagsAreRead() throws {
        let good = state(try FakeSystem.raspberryPi4(), cpus: 0..<4)
        let low = state(try FakeSystem.raspberryPi4(throttled: "50005"), cpus: 0..<4)
        #expect(low.throttling == ["the supply's voltage is too low", "the firmware throttles the CPU"])
        #expect(MachineState.warnings(before: good, after: low) == low.throttling.map { "throttled while measuring: " + $0 })
    }

    @Test func whatTheFirmwareHeldBackInBetweenIsWarnedOfAndWhatItDidLongAgoIsNot() throws {
        let good = state(try FakeSystem.raspberryPi4(), cpus: 0..<4)
        let past = state(try FakeSystem.raspberryPi4(throttled: "0x20000"), cpus: 0..<4)
        #expect(MachineState.warnings(before: good, after: past) == ["throttled for a while: the firmware caps the frequency"])
        #expect(MachineState.warnings(before: past, after: past).isEmpty)
    }
}
