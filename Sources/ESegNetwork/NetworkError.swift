/// Why a file or a config cannot be used: always the file, the field, what was found and what was expected.
public struct NetworkError: Error, Equatable, CustomStringConvertible {
    public var file: String
    public var field: String
    public var found: String
    public var expected: String

    public init(file: String, field: String, found: String, expected: String) {
        self.file = file
        self.field = field
        self.found = found
        self.expected = expected
    }

    public var description: String { "\(file): \(field): found \(found), expected \(expected)" }
}
