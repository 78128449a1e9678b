/// What CPUs are called.
struct CPUModels {
    private let files: SystemFiles
    private let description: String

    init(in files: SystemFiles) {
        self.files = files
        description = files.text("/proc/cpuinfo", limit: 1 << 20) ?? ""
    }

    /// The name of a CPU by the register that identifies it, else by /proc/cpuinfo; nil where neither tells.
    func name(of cpu: Int) -> String? {
        if let midr = files.integer("/sys/devices/system/cpu/cpu\(cpu)/regs/identification/midr_el1") {
            return CPUModels.name(implementer: midr >> 24 & 0xff, part: midr >> 4 & 0xfff)
        }
        let fields = fields(of: cpu)
        if let name = fields["model name"] { return name }
        guard let implementer = CPUModels.hexadecimal(fields["CPU implementer"]),
            let part = CPUModels.hexadecimal(fields["CPU part"])
        else { return nil }
        return CPUModels.name(implementer: implementer, part: part)
    }

    /// The fields of one processor's paragraph.
    private func fields(of cpu: Int) -> [String: String] {
        var fields: [String: String] = [:], isWanted = false
        for line in description.split(separator: "\n") {
            guard let colon = line.firstIndex(of: ":") else { continue }
            let name = line[..<colon].split { $0 == "\t" || $0 == " " }.joined(separator: " ")
            let value = line[line.index(after: colon)...].split { $0 == "\t" || $0 == " " }.joined(separator: " ")
            if name == "processor" { isWanted = Int(value) == cpu }
            if isWanted, !value.isEmpty, fields[name] == nil { fields[name] = String(value.prefix(80)) }
        }
        return fields
    }

    private static func hexadecimal(_ text: String?) -> Int? {
        guard let text, text.hasPrefix("0x") else { return nil }
        return Int(text.dropFirst(2), radix: 16)
    }

    private static func name(implementer: Int, part: Int) -> String {
        if implementer == 0x41, let name = armParts[part] { return name }
        return "CPU of implementer 0x\(String(implementer, radix: 16)), part 0x\(String(part, radix: 16))"
    }

    /// Arm's own cores by the part number of their MIDR_EL1 (their technical reference manuals).
    private static let armParts = [
        0xd03: "Cortex-A53", 0xd04: "Cortex-A35", 0xd05: "Cortex-A55", 0xd07: "Cortex-A57", 0xd08: "Cortex-A72", 0xd09: "Cortex-A73",
        0xd0a: "Cortex-A75", 0xd0b: "Cortex-A76", 0xd0c: "Neoverse-N1", 0xd0d: "Cortex-A77", 0xd0e: "Cortex-A76AE", 0xd40: "Neoverse-V1",
        0xd41: "Cortex-A78", 0xd42: "Cortex-A78AE", 0xd44: "Cortex-X1", 0xd46: "Cortex-A510", 0xd47: "Cortex-A710", 0xd48: "Cortex-X2",
        0xd49: "Neoverse-N2", 0xd4b: "Cortex-A78C", 0xd4d: "Cortex-A715", 0xd4e: "Cortex-X3", 0xd4f: "Neoverse-V2", 0xd80: "Cortex-A520",
        0xd81: "Cortex-A720",
    ]
}
