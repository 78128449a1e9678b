/// A file's name or a program's argument as the system has it: bytes, which need not be text.
public struct SystemName: Sendable, Equatable {
    public let bytes: [UInt8]

    public init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// Reads up to the zero byte at the end.
    public init(_ pointer: UnsafePointer<CChar>) {
        var bytes: [UInt8] = []
        var next = pointer
        while next.pointee != 0 {
            bytes.append(UInt8(truncatingIfNeeded: next.pointee))
            next += 1
        }
        self.bytes = bytes
    }

    /// The name as text; nil where it is no UTF-8, which as text would have to be repaired and be the name of another file.
    public var text: String? { String(validating: bytes, as: UTF8.self) }

    /// For messages: bytes that are no UTF-8 are shown as `\xE9`.
    public var shown: String {
        var parser = Unicode.UTF8.ForwardParser(), iterator = bytes.makeIterator(), position = 0, result = ""
        while true {
            switch parser.parseScalar(from: &iterator) {
            case .valid(let scalar):
                result.unicodeScalars.append(Unicode.UTF8.decode(scalar))
                position += scalar.count
            case .error(let length):
                result += bytes[position..<position + length].map { "\\x" + String($0, radix: 16, uppercase: true) }.joined()
                position += length
            case .emptyInput: return result
            }
        }
    }
}
