import Testing

@testable import ESegRuntime

@Suite struct MachineReportTests {
    @Test func aBoardWhoseGovernorSavesPower() throws {
        let system = try FakeSystem.rk3588()
        let report = MachineWatch(root: system.root, allowed: CPUList(0..<8)).report()
        #expect(
            report.description == """
                Radxa ROCK 5B, 4 × Cortex-A76 (CPUs 4-7), 4 × Cortex-A55 (CPUs 0-3), best instruction set \(ISA.best)
                before: 2256 MHz, governor ondemand, 45.3 °C
                after: 2256 MHz, governor ondemand, 45.3 °C
                warning: the frequency governor is ondemand, not performance: times depend on what ran before
                """)
    }

    @Test func aBoardThatHeatsUpWhileMeasuring() throws {
        let system = try FakeSystem.rk3588(governor: "performance", temperature: 84_960)
        let watch = MachineWatch(root: system.root, allowed: CPUList(4..<8))
        try system.write("85420\n", to: "/sys/class/thermal/thermal_zone0/temp")
        #expect(
            watch.report().description == """
                Radxa ROCK 5B, 4 × Cortex-A76 (CPUs 4-7), best instruction set \(ISA.best)
                before: 2256 MHz, governor performance, 85.0 °C
                after: 2256 MHz, governor performance, 85.4 °C
                warning: throttled while measuring: soc-thermal is at 85 °C, and slows down from 85 °C on
                """)
    }

    @Test func aVirtualMachineThatTellsLittle() throws {
        let system = try FakeSystem.virtualX86()
        let report = MachineWatch(root: system.root, allowed: CPUList(0..<2)).report()
        #expect(report.description == "2 × Intel(R) Xeon(R) Processor (CPUs 0-1), best instruction set \(ISA.best)")
    }
}
