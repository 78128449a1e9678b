@testable import ESegNetwork

/// A safetensors file as fuzzers can change it: the header up to a line break, then the data, with runs of zeros as a zero and how many.
///
/// The header's length and the checksum follow from the rest, for no change of bytes would meet them.
enum PackedFile {
    private static let largest = 1 << 20

    /// The file that an input stands for.
    static func unpacked(_ input: [UInt8]) -> [UInt8] {
        let end = input.firstIndex(of: UInt8(ascii: "\n")) ?? input.count
        var header = [withUnsafeBytes(of: UInt64(end).littleEndian) { Array($0) } + input[..<end]]
        var data: [UInt8] = [], position = end + 1
        while position < input.count, data.count < largest {
            if input[position] == 0, position + 2 < input.count {
                data += repeatElement(0, count: Int(input[position + 1]) | Int(input[position + 2]) << 8)
                position += 3
            } else {
                data.append(input[position])
                position += 1
            }
        }
        header.append(data)
        // Without a place for the checksum, the file is one that readers must refuse.
        try? Checksum.seal(&header, file: "fuzz")
        return header[0] + data
    }

    /// The input that stands for a file, whose first piece is its header.
    static func packed(_ pieces: [[UInt8]]) -> [UInt8] {
        var input = pieces[0].dropFirst(SafetensorsHeader.lengthSize) + [UInt8(ascii: "\n")], zeros = 0
        func run() -> [UInt8] { zeros == 0 ? [] : [0, UInt8(zeros & 255), UInt8(zeros >> 8)] }
        for byte in pieces.dropFirst().joined() {
            if byte == 0, zeros < 0xFFFF {
                zeros += 1
            } else {
                input += run()
                zeros = byte == 0 ? 1 : 0
                if byte != 0 { input.append(byte) }
            }
        }
        return Array(input + run())
    }
}

extension WholeFile {
    /// The file that a packed input stands for.
    convenience init(packed input: [UInt8]) throws(NetworkError) { try self.init(PackedFile.unpacked(input), name: "fuzz") }
}
