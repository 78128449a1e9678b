import Glibc

/// What this process holds in memory, in bytes, as Linux counts it.
struct ResidentMemory {
    let now: Int
    /// The most there has been.
    let peak: Int

    /// Nil where the system does not tell.
    init?() {
        guard let file = fopen("/proc/self/status", "re") else { return nil }
        defer { fclose(file) }
        var fields: [Substring: Int] = [:]
        var line = [CChar](repeating: 0, count: 256)
        while fgets(&line, Int32(line.count), file) != nil {
            let text = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            let words = text.split { $0 == " " || $0 == "\t" }
            guard words.count > 1, let kilobytes = Int(words[1]) else { continue }
            fields[words[0]] = kilobytes * 1024
        }
        guard let now = fields["VmRSS:"], let peak = fields["VmHWM:"] else { return nil }
        (self.now, self.peak) = (now, peak)
    }
}
