/// Why an image, a label map or a folder of them cannot be used: the file, what of it, what was found and what was expected.
public struct ImageError: Error, Equatable, CustomStringConvertible {
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
