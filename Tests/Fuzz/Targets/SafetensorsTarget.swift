@testable import ESegNetwork

extension FuzzTarget {
    /// Every tensor of a file that is taken can be read, and written so that it reads as the same.
    static let safetensors = FuzzTarget("safetensors") {
        var writer = SafetensorsWriter(metadata: ["format": "pt", "n": "1"])
        try writer.add("a", shape: [2, 1], values: [Float(1), 2])
        try writer.add("b", shape: [3], values: [Int8(1), -1, 0])
        try writer.add("c", shape: [], values: [Int64(7)])
        try writer.add("d", type: .float16, shape: [1], bytes: [0, 0x7C])
        try writer.add("e", type: .bfloat16, shape: [1], bytes: [1, 0x7F])
        return [Array(writer.pieces().joined()), Array(SafetensorsWriter().pieces().joined())]
    } run: { bytes in
        let file: Safetensors
        do { file = try Safetensors(WholeFile(bytes, name: "fuzz")) } catch { return "\(error)" }
        var writer = SafetensorsWriter(metadata: file.metadata)
        for (name, entry) in file.tensors {
            let isFloat = [.float32, .float16, .bfloat16].contains(entry.type), floats = try? file.floats(name)
            try require((floats != nil) == isFloat, "\(name) of type \(entry.type.rawValue) read as floats")
            try require(floats == nil || floats?.values.count == entry.shape.reduce(1, *), "\(name) has another count")
            try writer.add(name, type: entry.type, shape: entry.shape, bytes: Array(bytes[entry.bytes]))
        }
        let again = try Safetensors(WholeFile(Array(writer.pieces().joined()), name: "again"))
        try require(again.metadata == file.metadata, "other metadata when written")
        for (name, entry) in file.tensors {
            try require(
                again.tensors[name]?.type == entry.type && again.tensors[name]?.shape == entry.shape, "\(name) changes when written")
        }
        return file.tensors.sorted { $0.key < $1.key }.map { "\($0) \($1.type.rawValue) \($1.shape)" }.joined(separator: ", ")
    }
}
