/// Why a file or a config cannot be used: always the file, the field, what was found and what was expected.
public struct NetworkError: Error, Equatable, CustomStringConvertible {
    public var file: String
    public var field: String
    public var found: String
    public var expected: String
    /// What else is wrong with the file, where more was found out in one go.
    public var further: [NetworkError] = []

    public init(file: String, field: String, found: String, expected: String) {
        self.file = file
        self.field = field
        self.found = found
        self.expected = expected
    }

    /// A line for each error.
    public var description: String {
        (["\(file): \(field): found \(found), expected \(expected)"] + further.map(\.description)).joined(separator: "\n")
    }
}
