import Testing

@testable import ESegNetwork

@Suite("A safetensors file")
struct SafetensorsTests {
    /// A file with that header and that many bytes of data.
    private func bytes(header: String, data: Int, length: UInt64? = nil) -> [UInt8] {
        let length = length ?? UInt64(header.utf8.count)
        return (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) } + Array(header.utf8) + [UInt8](repeating: 0, count: data)
    }

    private func open(_ bytes: [UInt8]) throws -> Safetensors {
        try withTemporaryFolder { folder in
            try write(bytes, to: folder + "/a.safetensors")
            return try Safetensors(contentsOf: folder + "/a.safetensors")
        }
    }

    @Test("reads back what was written: every type, odd counts, scalars, empty tensors, metadata")
    func roundTrip() throws {
        try withTemporaryFolder { folder in
            var writer = SafetensorsWriter(metadata: ["b": "\"é\"\n", "a": "1"])
            try writer.add("bytes", shape: [3], values: [1, 2, 255] as [UInt8])
            try writer.add("i8", shape: [1, 3], values: [-128, 0, 127] as [Int8])
            try writer.add("i16", shape: [3], values: [.min, 0, .max] as [Int16])
            try writer.add("i32", shape: [], values: [.min] as [Int32])
            try writer.add("i64", shape: [2], values: [.min, .max] as [Int64])
            try writer.add("f32", shape: [2, 0, 5], values: [] as [Float])
            try writer.add("g32", shape: [2], values: [0.1, -.infinity] as [Float])
            try writer.add("half", type: .float16, shape: [2], bytes: [0x00, 0x3C, 0x01, 0x80])
            try writer.add("brain", type: .bfloat16, shape: [1], bytes: [0xC0, 0x3F])
            try writer.write(to: folder + "/a")
            let file = try Safetensors(contentsOf: folder + "/a")
            #expect(file.metadata == ["a": "1", "b": "\"é\"\n"])
            #expect(file.tensors.count == 9)
            #expect(try file.values("bytes") as [UInt8] == [1, 2, 255])
            #expect(try file.values("i8") as [Int8] == [-128, 0, 127])
            #expect(try file.values("i16") as [Int16] == [.min, 0, .max])
            #expect(try file.values("i32") as [Int32] == [.min])
            #expect(try file.values("i64") as [Int64] == [.min, .max])
            #expect(try file.floats("f32") == FloatTensor(shape: [2, 0, 5], values: []))
            #expect(try file.floats("g32").values == [0.1, -.infinity])
            #expect(try file.floats("half").values == [1, -0x1p-24])
            #expect(try file.floats("brain").values == [1.5])
            #expect(file.tensors.values.allSatisfy { $0.bytes.lowerBound % $0.type.size == 0 })
        }
    }

    @Test("converts every half-precision number exactly, misaligned too")
    func halves() throws {
        try withTemporaryFolder { folder in
            let halves = (0...UInt16.max).map { $0 }
            let data = halves.withUnsafeBytes { Array($0) }
            let header =
                #"{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"h":{"dtype":"F16","shape":[65536],"data_offsets":[1,131073]}}"#
            try write(bytes(header: header, data: 1) + data, to: folder + "/a")
            let values = try Safetensors(contentsOf: folder + "/a").floats("h").values
            let wrong = halves.filter { half in
                let expected = Float(Float16(bitPattern: half))
                let value = values[Int(half)]
                return expected.isNaN ? !value.isNaN : value.bitPattern != expected.bitPattern
            }
            #expect(wrong == [])
        }
    }

    @Test("of another type is an error where floats are asked for")
    func wrongType() throws {
        let file = try open(bytes(header: #"{"a":{"dtype":"I32","shape":[1],"data_offsets":[0,4]}}"#, data: 4))
        #expect(networkError { _ = try file.floats("a") }?.found == "I32")
        #expect(networkError { _ = try file.values("a", as: Float.self) }?.expected == "F32")
        #expect(networkError { _ = try file.floats("b") }?.field == "tensor b")
    }

    @Test("whose header does not fit it is rejected", arguments: [UInt64(0), 1, 56, 1 << 32, 1 << 62, .max])
    func headerLength(_ length: UInt64) {
        let bytes = bytes(header: #"{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}"#, data: 1, length: length)
        #expect(networkError { _ = try open(bytes) }?.field == "header length")
    }

    static let hostileHeaders: [(header: String, field: String)] = [
        (#"[]"#, "header"),
        (#"{"a":1}"#, "tensor a"),
        (#"{"a":{"shape":[4],"data_offsets":[0,4]}}"#, "tensor a.dtype"),
        (#"{"a":{"dtype":"F8","shape":[4],"data_offsets":[0,4]}}"#, "tensor a.dtype"),
        (#"{"a":{"dtype":"U8","shape":[-4],"data_offsets":[0,4]}}"#, "tensor a.shape[0]"),
        (#"{"a":{"dtype":"U8","shape":[4.0],"data_offsets":[0,4]}}"#, "tensor a.shape[0]"),
        (#"{"a":{"dtype":"U8","shape":4,"data_offsets":[0,4]}}"#, "tensor a.shape"),
        (#"{"a":{"dtype":"U8","shape":[1,1,1,1,1,1,1,1,4],"data_offsets":[0,4]}}"#, "tensor a.shape"),
        (#"{"a":{"dtype":"U8","shape":[4294967296,4294967296],"data_offsets":[0,4]}}"#, "tensor a.shape"),
        (#"{"a":{"dtype":"F32","shape":[9223372036854775807,0],"data_offsets":[0,0]}}"#, "tensor a.shape"),
        (#"{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,5]}}"#, "tensor a.data_offsets[1]"),
        (#"{"a":{"dtype":"U8","shape":[4],"data_offsets":[-4,0]}}"#, "tensor a.data_offsets[0]"),
        (#"{"a":{"dtype":"U8","shape":[4],"data_offsets":[4,0]}}"#, "tensor a.data_offsets"),
        (#"{"a":{"dtype":"U8","shape":[4],"data_offsets":[0]}}"#, "tensor a.data_offsets"),
        (#"{"a":{"dtype":"U8","shape":[3],"data_offsets":[0,4]}}"#, "tensor a.data_offsets"),
        (#"{"a":{"dtype":"I16","shape":[4],"data_offsets":[0,4]}}"#, "tensor a.data_offsets"),
        (#"{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4],"x":0}}"#, "tensor a.x"),
        (
            #"{"a":{"dtype":"U8","shape":[3],"data_offsets":[0,3]},"b":{"dtype":"U8","shape":[2],"data_offsets":[2,4]}}"#,
            "tensor b: data_offsets"
        ),
        (
            #"{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"b":{"dtype":"U8","shape":[2],"data_offsets":[2,4]}}"#,
            "tensor b: data_offsets"
        ),
        (
            #"{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"b":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}}"#,
            "tensor b: data_offsets"
        ),
        (#"{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}}"#, "header"),
        (#"{"a":{"dtype":"U8","shape":[3],"data_offsets":[0,3]}}"#, "file"),
        (#"{"":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}}"#, "tensor name"),
        (#"{"a\n":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}}"#, "tensor name"),
        (#"{"__metadata__":{"a":1},"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}}"#, "__metadata__.a"),
        (#"{"__metadata__":[]}"#, "__metadata__"),
    ]

    @Test("with a hostile header is rejected, the field named", arguments: hostileHeaders)
    func hostileHeader(_ hostile: (header: String, field: String)) {
        #expect(networkError { _ = try open(bytes(header: hostile.header, data: 4)) }?.field == hostile.field)
    }

    @Test("cut anywhere is rejected")
    func truncation() throws {
        let whole = bytes(header: #"{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}}"#, data: 4)
        #expect(throws: Never.self) { try open(whole) }
        for count in 0..<whole.count {
            #expect(networkError { _ = try open(Array(whole.prefix(count))) } != nil, "\(count) of \(whole.count) bytes")
        }
    }

    @Test("cannot be written with a name twice or values that do not fill the shape")
    func writerMistakes() throws {
        var writer = SafetensorsWriter()
        try writer.add("a", shape: [2], values: [1, 2] as [Int8])
        #expect(networkError { try writer.add("a", shape: [2], values: [1, 2] as [Int8]) }?.field == "name")
        #expect(networkError { try writer.add("b", shape: [3], values: [1, 2] as [Int8]) }?.field == "shape")
    }

    @Test("made by PyTorch opens", .enabled(if: Shared.isHere, Shared.absence))
    func reference() throws {
        let goldens = try Safetensors(contentsOf: Shared.path("goldens/0016E5_08037-161x97.safetensors"))
        #expect(goldens.tensors.count == 21)
        #expect(try goldens.entry("bifpn.0.p6") == TensorEntry(type: .float16, shape: [64, 2, 3], bytes: 1672 + 730380..<1672 + 731148))
        #expect(try goldens.values("pixels", as: UInt8.self).count == 97 * 161 * 3)
        #expect(try goldens.floats("classifier").shape == [11, 25, 41])
    }

    @Test("has a header of at most 16 MiB")
    func headerLength() {
        for (length, isRead) in [(16 << 20, true), ((16 << 20) + 1, false)] {
            let bytes = (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) } + Array("{}".utf8)
            let file = bytes + [UInt8](repeating: UInt8(ascii: " "), count: length - 2)
            #expect(((try? Safetensors(WholeFile(file, name: "long"))) != nil) == isRead)
        }
    }
}
