import Testing

@testable import ESegNetwork

@Suite("JSON")
struct JSONValueTests {
    func parse(_ text: String) throws -> JSONValue { try JSONValue(parsing: text, file: "test.json", field: "text") }

    @Test("values are what RFC 8259 says")
    func values() throws {
        #expect(try parse(" null ") == .null)
        #expect(try parse("[true,false]") == .array([.bool(true), .bool(false)]))
        #expect(try parse("-0") == .integer(0))
        #expect(try parse("9223372036854775807") == .integer(.max))
        #expect(try parse("9223372036854775808") == .number(9_223_372_036_854_775_808))
        #expect(try parse("[0.5, 1e3, -2.5E-1, 1.0]") == .array([.number(0.5), .number(1000), .number(-0.25), .number(1)]))
        #expect(try parse("{}") == [:])
        #expect(try parse("[ ]") == .array([]))
        #expect(try parse("{\"b\":{\"a\":1},\"a\":[]}\n") == ["b": ["a": .integer(1)], "a": .array([])])
    }

    @Test("strings decode escapes and surrogate pairs")
    func strings() throws {
        #expect(try parse(#""\"\\\/\b\f\n\r\t""#) == .string("\"\\/\u{8}\u{C}\n\r\t"))
        #expect(try parse(#""\u00e9 \ud83d\uDE97 Straße""#) == .string("é 🚗 Straße"))
        #expect(try parse(#""\u0000""#) == .string("\0"))
    }

    @Test(
        "anything else is an error",
        arguments: [
            "", " ", "nul", "nulll", "+1", "01", "-", "1.", ".5", "1e", "1e+", "0x10", "NaN", "Infinity", "1e999", "[", "[1", "[1,", "[1,]",
            "[1 2]",
            "{", "{\"a\"", "{\"a\":", "{\"a\":1", "{\"a\":1,}", "{a:1}", "{\"a\" 1}", "{\"a\":1,\"a\":2}", "\"", "\"a", "\"\\", "\"\\x\"",
            "\"\\u12\"",
            "\"\\u12g4\"", "\"\\ud800\"", "\"\\ud800\\u0041\"", "\"\\udc00\"", "\"\n\"", "1 1", "{} {}", "'a'", "// 1\n1", "\u{FEFF}1",
        ])
    func malformed(_ text: String) {
        let error = networkError { _ = try parse(text) }
        #expect(error?.file == "test.json")
        #expect(error?.field == "text")
    }

    @Test(
        "invalid UTF-8 is an error",
        arguments: [[0x22, 0xFF, 0x22], [0x22, 0xC0, 0x80, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x22], [0xFF]] as [[UInt8]])
    func invalidUTF8(_ bytes: [UInt8]) {
        #expect(networkError { _ = try JSONValue(parsing: bytes, file: "f", field: "t") } != nil)
    }

    @Test("nesting is limited, so that no text can exhaust the stack")
    func depth() throws {
        let deep = String(repeating: "[", count: 1_000_000)
        #expect(networkError { _ = try parse(deep) }?.expected == "at most 64 levels")
        #expect(throws: Never.self) { try parse(String(repeating: "[", count: 64) + String(repeating: "]", count: 64)) }
        func objects(_ count: Int) -> String { String(repeating: "{\"a\":", count: count) + "0" + String(repeating: "}", count: count) }
        #expect(throws: Never.self) { try parse(objects(64)) }
        #expect(throws: NetworkError.self) { try parse(objects(65)) }
    }

    @Test("a million values are taken, and not one more")
    func count() {
        let zeros = String(repeating: "0,", count: (1 << 20) - 2)
        #expect(throws: Never.self) { try parse("[" + zeros + "0]") }
        #expect(throws: NetworkError.self) { try parse("[" + zeros + "0,0]") }
    }

    @Test("an error says what was found where")
    func message() {
        let error = networkError { _ = try parse("{\"a\": ?}") }
        #expect(error?.description == "test.json: text: found '?' at byte 6, expected a JSON value")
    }

    @Test("what is written reads back as it was")
    func roundTrip() throws {
        let value: JSONValue = [
            "text": .string("\"quoted\" \\ \n\u{1} é 🚗"),
            "numbers": .array([.integer(.min), .number(0.1), .number(.leastNonzeroMagnitude), .number(1e300), JSONValue(Float(0.1))]),
            "nested": ["empty": [:], "list": .array([]), "null": .null, "true": .bool(true)],
        ]
        #expect(try parse(value.text) == value)
        #expect(try parse(value.indentedText) == value)
        #expect(value.indentedText.contains("\n  \"nested\": {\n    \"empty\": {},\n"))
    }

    @Test("a Float reads back exactly")
    func floats() throws {
        var generator = SeededGenerator(seed: 1)
        for _ in 0..<1000 {
            let float = Float(bitPattern: UInt32.random(in: 1..<0x7F80_0000, using: &generator))
            #expect(try parse(JSONValue(float).text).double.map(Float.init) == float)
        }
    }
}
