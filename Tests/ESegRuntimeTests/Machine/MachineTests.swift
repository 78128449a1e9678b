import Foundation
import Testing

@testable import ESegRuntime

@Suite struct MachineTests {
    @Test func aBoardOfTwoKindsOfCores() throws {
        let system = try FakeSystem.rk3588()
        let machine = Machine(root: system.root, allowed: CPUList(0..<8))
        #expect(machine.board == "Radxa ROCK 5B")
        #expect(
            machine.cores == [
                Machine.Cores(model: "Cortex-A76", count: 4, cpus: "4-7"), Machine.Cores(model: "Cortex-A55", count: 4, cpus: "0-3"),
            ])
        #expect(machine.isa == ISA.best.description)
    }

    @Test func aBoardThatOnlyCPUInfoDescribes() throws {
        let system = try FakeSystem.raspberryPi4()
        let machine = Machine(root: system.root, allowed: CPUList([1, 2]))
        #expect(machine.board == "Raspberry Pi 4 Model B Rev 1.4")
        #expect(machine.cores == [Machine.Cores(model: "Cortex-A72", count: 2, cpus: "1-2")])
    }

    @Test func aVirtualMachine() throws {
        let system = try FakeSystem.virtualX86()
        let machine = Machine(root: system.root, allowed: CPUList(0..<2))
        #expect(machine.board == nil)
        #expect(machine.cores == [Machine.Cores(model: "Intel(R) Xeon(R) Processor", count: 2, cpus: "0-1")])
    }

    @Test func anUnknownCPUIsNamedByItsNumbers() throws {
        let system = try FakeSystem(["/sys/devices/system/cpu/cpu0/regs/identification/midr_el1": "0x00000000610f0230\n"])
        #expect(Machine(root: system.root, allowed: CPUList([0])).cores.map(\.model) == ["CPU of implementer 0x61, part 0x23"])
    }

    @Test(arguments: [
        Data(), Data([0]), Data([0xFF, 0xFE, 0x1B, 0x5B]), Data("processor: 0\nmodel name: \u{1B}[2J\u{202E}\n".utf8), Data(count: 5000),
    ])
    func garbageIsLeftOut(data: Data) throws {
        let system = try FakeSystem.filled(with: data)
        let machine = Machine(root: system.root, allowed: CPUList(0..<2))
        #expect(machine.cores.map(\.count).reduce(0, +) == 2)
        let texts = machine.cores.map(\.model) + [machine.board ?? ""]
        let categories = texts.joined().unicodeScalars.map(\.properties.generalCategory)
        #expect(!categories.contains(.control) && !categories.contains(.format))
        let state = MachineState(root: system.root, cpus: CPUList(0..<2))
        #expect(state.megahertz == nil && state.celsius == nil && state.throttling.isEmpty)
    }
}
