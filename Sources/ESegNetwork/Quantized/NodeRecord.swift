/// How a node's codes were chosen, and what they lose: for people; the arithmetic does not need it.
public struct NodeRecord: Sendable, Equatable {
    /// The real values that codes were chosen for.
    public var lower: Float
    public var upper: Float
    /// The range method's name.
    public var method: String
    /// SQNR of the node's output against the float network's, everything before it in int8 too; nil where not measured, or equal.
    public var sqnrDb: Float?

    public init(lower: Float, upper: Float, method: String, sqnrDb: Float? = nil) {
        self.lower = lower
        self.upper = upper
        self.method = method
        self.sqnrDb = sqnrDb
    }
}

// In the graph of an `.eseg` file
extension NodeRecord {
    private static let methodLength = 1...64
    private static let decibels: ClosedRange<Float> = -1000...1000

    var members: [JSONValue.Member] {
        let range: JSONValue = .array([JSONValue(lower), JSONValue(upper)])
        return [JSONValue.Member(key: "range", value: range), JSONValue.Member(key: "range_method", value: .string(method))]
            + (sqnrDb.map { [JSONValue.Member(key: "sqnr_db", value: JSONValue($0))] } ?? [])
    }

    /// What `members` writes; nil where there is none. Throws unless all of it can be told to people.
    static func read(_ fields: inout JSONFields) throws(NetworkError) -> NodeRecord? {
        guard fields.has("range") || fields.has("range_method") || fields.has("sqnr_db") else { return nil }
        let ends = try fields.array("range", count: 2...2).compactMap(\.double).map { Float($0) }
        guard ends.count == 2 else { throw fields.error("range", found: "other values", expected: "two numbers") }
        var record = NodeRecord(lower: ends[0], upper: ends[1], method: try fields.string("range_method"))
        if fields.has("sqnr_db") { record.sqnrDb = try fields.float("sqnr_db") }
        return record
    }

    /// Throws, as an error of the node of that name, unless all is in its range.
    func validate(file: String, node: String) throws(NetworkError) {
        func require(_ holds: Bool, _ field: String, _ found: String, _ expected: String) throws(NetworkError) {
            guard holds else { throw NetworkError(file: file, field: "layer \(node): \(field)", found: found, expected: expected) }
        }
        try require(lower.isFinite && upper.isFinite && lower <= upper, "range", "\(lower), \(upper)", "two finite numbers that rise")
        try require(
            Self.methodLength.contains(method.utf8.count) && method.unicodeScalars.allSatisfy { (0x20..<0x7F).contains($0.value) },
            "range_method", quoted(method), "1...64 ASCII characters")
        if let sqnrDb { try require(Self.decibels.contains(sqnrDb), "sqnr_db", "\(sqnrDb)", "a number in -1000...1000") }
    }
}
