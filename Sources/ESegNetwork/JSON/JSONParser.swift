extension JSONValue {
    /// The value of a UTF-8 JSON text, strictly RFC 8259: no duplicate keys, no lone surrogates, no number beyond a Double.
    ///
    /// At most 64 levels deep and a million values long. Throws with `file` and `field` as given.
    public init(parsing bytes: [UInt8], file: String, field: String) throws(NetworkError) {
        var parser = JSONParser(bytes: bytes, file: file, field: field)
        self = try parser.document()
    }

    /// Like `init(parsing:)` of the string's UTF-8.
    public init(parsing text: String, file: String, field: String) throws(NetworkError) {
        try self.init(parsing: Array(text.utf8), file: file, field: field)
    }
}

private struct JSONParser {
    let bytes: [UInt8]
    let file: String
    let field: String
    var position = 0
    var values = 0

    static let maximumDepth = 64
    static let maximumValues = 1 << 20

    init(bytes: [UInt8], file: String, field: String) {
        self.bytes = bytes
        self.file = file
        self.field = field
    }

    mutating func document() throws(NetworkError) -> JSONValue {
        let value = try value(depth: 0)
        skipSpace()
        guard position == bytes.count else { throw unexpected("the end of the JSON text") }
        return value
    }

    mutating func value(depth: Int) throws(NetworkError) -> JSONValue {
        skipSpace()
        values += 1
        guard values <= Self.maximumValues else {
            throw error(found: "more values", expected: "JSON of at most \(Self.maximumValues) values")
        }
        guard depth <= Self.maximumDepth else { throw error(found: "deeper nesting", expected: "at most \(Self.maximumDepth) levels") }
        guard let byte = peek() else { throw unexpected("a JSON value") }
        switch byte {
        case UInt8(ascii: "{"): return .object(try members(depth: depth))
        case UInt8(ascii: "["): return .array(try elements(depth: depth))
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try literal("true", .bool(true))
        case UInt8(ascii: "f"): return try literal("false", .bool(false))
        case UInt8(ascii: "n"): return try literal("null", .null)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
        default: throw unexpected("a JSON value")
        }
    }

    mutating func members(depth: Int) throws(NetworkError) -> [JSONValue.Member] {
        var members: [JSONValue.Member] = []
        var keys: Set<String> = []
        position += 1
        skipSpace()
        if take("}") { return members }
        repeat {
            skipSpace()
            guard peek() == UInt8(ascii: "\"") else { throw unexpected("a key in quotation marks") }
            let key = try string()
            guard keys.insert(key).inserted else { throw error(found: "the key \(quoted(key)) twice", expected: "unique keys") }
            skipSpace()
            guard take(":") else { throw unexpected("':'") }
            members.append(JSONValue.Member(key: key, value: try value(depth: depth + 1)))
            skipSpace()
        } while take(",")
        guard take("}") else { throw unexpected("',' or '}'") }
        return members
    }

    mutating func elements(depth: Int) throws(NetworkError) -> [JSONValue] {
        var elements: [JSONValue] = []
        position += 1
        skipSpace()
        if take("]") { return elements }
        repeat {
            elements.append(try value(depth: depth + 1))
            skipSpace()
        } while take(",")
        guard take("]") else { throw unexpected("',' or ']'") }
        return elements
    }

    mutating func literal(_ text: StaticString, _ value: JSONValue) throws(NetworkError) -> JSONValue {
        let name = text.description
        guard bytes[position...].starts(with: name.utf8) else { throw unexpected(name) }
        position += name.utf8.count
        return value
    }
}

// Numbers
extension JSONParser {
    mutating func number() throws(NetworkError) -> JSONValue {
        let start = position
        _ = take("-")
        if !take("0") { try digits() }
        var isInteger = true
        if take(".") {
            isInteger = false
            try digits()
        }
        if take("e") || take("E") {
            isInteger = false
            if !take("+") { _ = take("-") }
            try digits()
        }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        if isInteger, let value = Int(text) { return .integer(value) }
        guard let value = Double(text), value.isFinite else {
            throw error(found: quoted(text), expected: "a number within a Double's range")
        }
        return .number(value)
    }

    mutating func digits() throws(NetworkError) {
        let start = position
        while let byte = peek(), (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { position += 1 }
        guard position > start else { throw unexpected("a digit") }
    }
}

// Strings
extension JSONParser {
    mutating func string() throws(NetworkError) -> String {
        position += 1
        var utf8: [UInt8] = []
        while let byte = peek(), byte != UInt8(ascii: "\"") {
            guard byte >= 0x20 else { throw unexpected("no control character in a string") }
            position += 1
            if byte == UInt8(ascii: "\\") {
                utf8.append(contentsOf: UTF8.encode(try escape()) ?? UTF8.encodedReplacementCharacter)
            } else {
                utf8.append(byte)
            }
        }
        guard take("\"") else { throw unexpected("the end of a string") }
        guard let string = String(validating: utf8, as: UTF8.self) else {
            throw error(found: "a string that is not UTF-8", expected: "UTF-8")
        }
        return string
    }

    mutating func escape() throws(NetworkError) -> Unicode.Scalar {
        guard let byte = peek() else { throw unexpected("an escape") }
        position += 1
        switch byte {
        case UInt8(ascii: "\""): return "\""
        case UInt8(ascii: "\\"): return "\\"
        case UInt8(ascii: "/"): return "/"
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): return try unicodeEscape()
        default:
            position -= 1
            throw unexpected("an escape")
        }
    }

    mutating func unicodeEscape() throws(NetworkError) -> Unicode.Scalar {
        let unit = try hexadecimalUnit()
        if let scalar = Unicode.Scalar(unit) { return scalar }
        guard UTF16.isLeadSurrogate(UInt16(unit)), take("\\"), take("u") else { throw loneSurrogate() }
        let trail = try hexadecimalUnit()
        guard UTF16.isTrailSurrogate(UInt16(trail)), let scalar = Unicode.Scalar(0x10000 + (unit - 0xD800) << 10 + (trail - 0xDC00)) else {
            throw loneSurrogate()
        }
        return scalar
    }

    /// Four hexadecimal digits: at most 0xFFFF.
    mutating func hexadecimalUnit() throws(NetworkError) -> UInt32 {
        var unit: UInt32 = 0
        for _ in 0..<4 {
            guard let digit = peek().flatMap({ Character(Unicode.Scalar($0)).hexDigitValue }) else {
                throw unexpected("a hexadecimal digit")
            }
            unit = unit << 4 | UInt32(digit)
            position += 1
        }
        return unit
    }

    func loneSurrogate() -> NetworkError { error(found: "half a surrogate pair", expected: "a whole one") }
}

// Bytes and errors
extension JSONParser {
    func peek() -> UInt8? { position < bytes.count ? bytes[position] : nil }

    mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard peek() == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    mutating func skipSpace() {
        while let byte = peek(), byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
    }

    func unexpected(_ expected: String) -> NetworkError {
        guard let byte = peek() else { return error(found: "the end of the JSON text", expected: expected) }
        let isPrintable = (0x20..<0x7F).contains(byte)
        return error(found: isPrintable ? "'\(Character(Unicode.Scalar(byte)))'" : "byte \(byte)", expected: expected)
    }

    func error(found: String, expected: String) -> NetworkError {
        NetworkError(file: file, field: field, found: "\(found) at byte \(position)", expected: expected)
    }
}
