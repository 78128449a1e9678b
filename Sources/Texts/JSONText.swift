import FoundationEssentials

extension Encodable {
    /// A JSON text in UTF-8 for people and programs: indented, keys sorted, with a line feed at its end.
    package func jsonText() throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return try [UInt8](encoder.encode(self)) + [UInt8(ascii: "\n")]
    }
}
