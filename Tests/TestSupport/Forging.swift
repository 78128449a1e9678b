import ESegNetwork
import FoundationEssentials

/// Writes the file anew beside itself, with some bytes of one tensor or one number of the metadata changed and the checksum right.
package func forge(_ path: String, as format: SealedFormat, _ random: inout SplitMix) throws -> String {
    let file = try Safetensors(contentsOf: path), bytes = Array(try Data(contentsOf: URL(fileURLWithPath: path)))
    let strange = ["-1", "0", "", "x", "9223372036854775807", "1000000", "99x99", "[]", "[1]"]
    var metadata = file.metadata.filter { !["format", "version", "sha256"].contains($0.key) }
    let keys = metadata.keys.sorted(), names = file.tensors.keys.sorted()
    let victim = Int(random.next() % UInt64(keys.count + 3 * names.count))
    if victim < keys.count { metadata[keys[victim]] = strange[Int(random.next() % UInt64(strange.count))] }
    var writer = SafetensorsWriter(metadata: metadata)
    for (index, name) in names.enumerated() {
        guard let entry = file.tensors[name] else { continue }
        var values = Array(bytes[entry.bytes])
        if victim >= keys.count, (victim - keys.count) / 3 == index, !values.isEmpty {
            let extremes: [UInt64] = [0, .max, 1 << 63, UInt64(Int64.max), 1 << 40, 0x7FF0_0000_0000_0000, random.next()]
            let value = extremes[Int(random.next() % UInt64(extremes.count))], start = Int(random.next() % UInt64(values.count)) & ~7
            for byte in 0..<min(8, values.count - start) { values[start + byte] = UInt8(truncatingIfNeeded: value >> (8 * byte)) }
        }
        try writer.add(name, type: entry.type, shape: entry.shape, bytes: values)
    }
    let forged = path + ".forged"
    try writer.write(as: format, to: forged)
    return forged
}
