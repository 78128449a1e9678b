/// The value of a JSON text (RFC 8259). Objects keep the order of their members; their keys are unique.
public enum JSONValue: Sendable, Equatable {
    case null
    case bool(Bool)
    /// A number written without fraction or exponent that fits an Int.
    case integer(Int)
    case number(Double)
    case string(String)
    case array([JSONValue])
    case object([Member])

    public struct Member: Sendable, Equatable {
        public var key: String
        public var value: JSONValue

        public init(key: String, value: JSONValue) {
            self.key = key
            self.value = value
        }
    }

    /// The member of that key, or nil if there is none or this is not an object.
    public subscript(key: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.key == key }?.value
    }

    /// The value in a few words, for error messages: its type, and the value itself where that is short.
    var summary: String {
        switch self {
        case .null: "null"
        case .bool(let value): String(value)
        case .integer(let value): String(value)
        case .number(let value): value.description
        case .string(let value): quoted(value)
        case .array(let values): "a list of \(values.count)"
        case .object(let members): "an object of \(members.count)"
        }
    }
}

extension JSONValue: ExpressibleByDictionaryLiteral {
    public init(dictionaryLiteral elements: (String, JSONValue)...) {
        self = .object(elements.map(Member.init))
    }
}

/// `text` in quotation marks, cut where it is long, control characters escaped: fit for an error message.
public func quoted(_ text: String) -> String {
    let limit = 80
    return JSONValue.string(text.count > limit ? text.prefix(limit) + "…" : text).text
}
