/// The state of a machine at one moment. What the system does not tell is nil.
public struct MachineState: Sendable, Equatable, Encodable, CustomStringConvertible {
    /// The lowest of the frequencies that the CPUs run at, in MHz.
    public let megahertz: Int?
    /// The frequency governors of the CPUs, comma-separated where they differ.
    public let governor: String?
    /// The hottest of the CPU's thermal zones, or of all zones where none is the CPU's, in degrees Celsius.
    public let celsius: Double?
    /// How many CPUs' time the process may take, where its control groups limit it.
    public let cpuQuota: Double?
    /// Why the CPUs run slower than they could, in words.
    public let throttling: [String]
    /// What a Raspberry Pi's firmware has held back since it started.
    let firmwareHistory: Int
    /// In how many periods the quota has held the process back.
    let periodsHeldBack: Int

    public init(root: String = "/", cpus: CPUList = .allowed) {
        let files = SystemFiles(root: root)
        let policies = cpus.cpus.map { "/sys/devices/system/cpu/cpu\($0)/cpufreq/" }
        let governors = Set(policies.compactMap { files.line($0 + "scaling_governor") })
        megahertz = policies.compactMap { files.integer($0 + "scaling_cur_freq") }.filter { $0 > 0 }.min().map { $0 / 1000 }
        governor = governors.isEmpty ? nil : governors.sorted().joined(separator: ",")
        let zones = ThermalZone.all(in: files)
        let ofCPU = zones.filter(\.isOfCPU)
        celsius = (ofCPU.isEmpty ? zones : ofCPU).map(\.celsius).max()
        let quota = CPUQuota(root: root)
        (cpuQuota, periodsHeldBack) = (quota.cpus, quota.heldBack)
        let firmware = files.firmwareFlags
        throttling = zones.compactMap(\.throttling) + firmware.now
        firmwareHistory = firmware.history
    }

    /// Frequency, governor, temperature and quota, as far as they are known.
    public var description: String {
        let tenths = celsius.map { Int(($0 * 10).rounded()) }
        let temperature = tenths.map { "\($0 < 0 ? "-" : "")\(abs($0) / 10).\(abs($0) % 10) °C" }
        let quota = cpuQuota.map { "quota of \(rounded($0)) CPUs" }
        return [megahertz.map { "\($0) MHz" }, governor.map { "governor \($0)" }, temperature, quota].compactMap { $0 }.joined(
            separator: ", ")
    }

    /// What makes times that were measured between two moments unreliable, one sentence each.
    public static func warnings(before: MachineState, after: MachineState) -> [String] {
        var warnings: [String] = []
        if let governor = after.governor ?? before.governor, governor.split(separator: ",").contains(where: { $0 != "performance" }) {
            warnings.append("the frequency governor is \(governor), not performance: times depend on what ran before")
        }
        for reason in before.throttling { warnings.append("throttled before the first run: \(reason)") }
        for reason in after.throttling where !before.throttling.contains(reason) { warnings.append("throttled while measuring: \(reason)") }
        let passing = SystemFiles.firmwareReasons(after.firmwareHistory & ~before.firmwareHistory)
        for reason in passing where !before.throttling.contains(reason) && !after.throttling.contains(reason) {
            warnings.append("throttled for a while: \(reason)")
        }
        let (heldBack, overflow) = after.periodsHeldBack.subtractingReportingOverflow(before.periodsHeldBack)
        if heldBack > 0, !overflow, let quota = after.cpuQuota {
            warnings.append("throttled while measuring: the quota of \(rounded(quota)) CPUs held the process back in \(heldBack) periods")
        }
        return warnings
    }

    private enum CodingKeys: String, CodingKey {
        case megahertz, governor, celsius, throttling
        case cpuQuota = "cpu_quota"
    }
}

/// To hundredths.
private func rounded(_ value: Double) -> Double { (value * 100).rounded() / 100 }

/// A sensor of temperature, and the temperature from which the system slows its part of the machine down.
private struct ThermalZone {
    let type: String
    let celsius: Double
    let slowsFrom: Double?

    /// Those that the system names; numbers may be left out.
    static func all(in files: SystemFiles) -> [ThermalZone] { (0..<64).compactMap { ThermalZone($0, in: files) } }

    private init?(_ number: Int, in files: SystemFiles) {
        let path = "/sys/class/thermal/thermal_zone\(number)/"
        guard let temperature = files.integer(path + "temp"), (-100_000...250_000).contains(temperature) else { return nil }
        type = files.line(path + "type") ?? ""
        celsius = Double(temperature) / 1000
        let trips = (0..<16).prefix { files.line(path + "trip_point_\($0)_type") != nil }
        slowsFrom = trips.filter { files.line(path + "trip_point_\($0)_type") == "passive" }
            .compactMap { files.integer(path + "trip_point_\($0)_temp") }.filter { $0 > 0 }.min().map { Double($0) / 1000 }
    }

    var isOfCPU: Bool {
        let name = type.lowercased()
        return ["cpu", "soc", "pkg", "bigcore", "littlecore"].contains { name.includes($0) }
    }

    var throttling: String? {
        guard let slowsFrom, celsius >= slowsFrom else { return nil }
        return "\(type) is at \(Int(celsius)) °C, and slows down from \(Int(slowsFrom)) °C on"
    }
}

extension SystemFiles {
    /// A Raspberry Pi's firmware tells in bits 0 to 3 what holds now, in bits 16 to 19 what has held since it started.
    fileprivate var firmwareFlags: (now: [String], history: Int) {
        guard let line = line("/sys/devices/platform/soc/soc:firmware/get_throttled"),
            let flags = Int(line.hasPrefix("0x") ? String(line.dropFirst(2)) : line, radix: 16)
        else { return ([], 0) }
        return (SystemFiles.firmwareReasons(flags & 0xf), flags >> 16 & 0xf)
    }

    fileprivate static func firmwareReasons(_ flags: Int) -> [String] {
        let reasons = [
            "the supply's voltage is too low", "the firmware caps the frequency", "the firmware throttles the CPU",
            "the temperature reached the firmware's soft limit",
        ]
        return reasons.enumerated().filter { flags >> $0.offset & 1 == 1 }.map(\.element)
    }
}
