import Foundation

@testable import ESegRuntime

/// A folder that holds the files in which Linux would describe some machine; removed with its owner.
final class FakeSystem {
    let root: String
    var files: SystemFiles { SystemFiles(root: root) }

    init(_ contents: [String: String] = [:]) throws {
        root = FileManager.default.temporaryDirectory.appendingPathComponent("eseg-system-\(UUID().uuidString)").path
        for (path, text) in contents { try write(text, to: path) }
    }

    deinit { try? FileManager.default.removeItem(atPath: root) }

    func write(_ text: String, to path: String) throws { try write(Data(text.utf8), to: path) }

    func write(_ data: Data, to path: String) throws {
        let url = URL(fileURLWithPath: root + path)
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try data.write(to: url)
    }
}

extension FakeSystem {
    private static let cpu = "/sys/devices/system/cpu/cpu"

    /// Four Cortex-A55 and four Cortex-A76, whose last two run a little faster, under the kernel's own scaling of frequencies.
    static func rk3588(governor: String = "ondemand", temperature: Int = 45_300) throws -> FakeSystem {
        var contents = [
            "/sys/firmware/devicetree/base/model": "Radxa ROCK 5B\0",
            "/sys/devices/system/cpu/online": "0-7\n",
            "/sys/class/thermal/thermal_zone0/type": "soc-thermal\n",
            "/sys/class/thermal/thermal_zone0/temp": "\(temperature)\n",
            "/sys/class/thermal/thermal_zone0/trip_point_0_type": "passive\n",
            "/sys/class/thermal/thermal_zone0/trip_point_0_temp": "85000\n",
            "/sys/class/thermal/thermal_zone2/type": "npu-thermal\n",
            "/sys/class/thermal/thermal_zone2/temp": "91000\n",
        ]
        for number in 0..<8 {
            let isBig = number >= 4
            contents["\(cpu)\(number)/cpu_capacity"] = isBig ? (number < 6 ? "1002\n" : "1024\n") : "414\n"
            contents["\(cpu)\(number)/cpufreq/cpuinfo_max_freq"] = isBig ? "2400000\n" : "1800000\n"
            contents["\(cpu)\(number)/cpufreq/scaling_cur_freq"] = isBig ? "2256000\n" : "1008000\n"
            contents["\(cpu)\(number)/cpufreq/scaling_governor"] = governor + "\n"
            contents["\(cpu)\(number)/regs/identification/midr_el1"] = isBig ? "0x00000000414fd0b0\n" : "0x00000000412fd050\n"
        }
        return try FakeSystem(contents)
    }

    /// Four Cortex-A72 that only /proc/cpuinfo names, and a firmware that tells what it holds back.
    static func raspberryPi4(throttled: String = "0") throws -> FakeSystem {
        var contents = [
            "/sys/firmware/devicetree/base/model": "Raspberry Pi 4 Model B Rev 1.4\0",
            "/sys/devices/platform/soc/soc:firmware/get_throttled": throttled + "\n",
            "/sys/class/thermal/thermal_zone0/type": "cpu-thermal\n",
            "/sys/class/thermal/thermal_zone0/temp": "52095\n",
        ]
        contents["/proc/cpuinfo"] =
            (0..<4).map { number in
                "processor\t: \(number)\nBogoMIPS\t: 108.00\nCPU implementer\t: 0x41\nCPU architecture: 8\nCPU part\t: 0xd08\n\n"
            }.joined() + "Hardware\t: BCM2835\nModel\t\t: Raspberry Pi 4 Model B Rev 1.4\n"
        for number in 0..<4 {
            contents["\(cpu)\(number)/cpufreq/cpuinfo_max_freq"] = "1800000\n"
            contents["\(cpu)\(number)/cpufreq/scaling_cur_freq"] = "1800000\n"
            contents["\(cpu)\(number)/cpufreq/scaling_governor"] = "performance\n"
        }
        return try FakeSystem(contents)
    }

    /// Two CPUs of a virtual machine, which says nothing but their name.
    static func virtualX86() throws -> FakeSystem {
        let processors = (0..<2).map { "processor\t: \($0)\nvendor_id\t: GenuineIntel\nmodel name\t: Intel(R) Xeon(R) Processor\n\n" }
        return try FakeSystem(["/proc/cpuinfo": processors.joined()])
    }

    /// Every file that is read, filled with the same bytes.
    static func filled(with data: Data) throws -> FakeSystem {
        let system = try FakeSystem()
        var paths = [
            "/sys/firmware/devicetree/base/model", "/sys/devices/system/cpu/online", "/proc/cpuinfo",
            "/sys/devices/platform/soc/soc:firmware/get_throttled",
        ]
        paths += ["type", "temp", "trip_point_0_type", "trip_point_0_temp"].map { "/sys/class/thermal/thermal_zone0/" + $0 }
        for number in 0..<2 {
            paths += [
                "cpu_capacity", "cpufreq/cpuinfo_max_freq", "cpufreq/scaling_cur_freq", "cpufreq/scaling_governor",
                "regs/identification/midr_el1",
            ].map { "\(cpu)\(number)/" + $0 }
        }
        for path in paths { try system.write(data, to: path) }
        return system
    }
}
