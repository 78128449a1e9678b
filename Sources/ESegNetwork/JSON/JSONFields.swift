/// Reads an object's members one by one, each checked; what is left at the end is unknown and an error.
package struct JSONFields {
    let file: String
    /// Where the object is, for error messages: `config`, `graph.nodes[3]`.
    let path: String
    private var members: [String: JSONValue]

    init(_ value: JSONValue, file: String, path: String) throws(NetworkError) {
        guard case .object(let members) = value else {
            throw NetworkError(file: file, field: path, found: value.summary, expected: "an object")
        }
        self.file = file
        self.path = path
        self.members = Dictionary(members.map { ($0.key, $0.value) }, uniquingKeysWith: { first, _ in first })
    }

    func has(_ key: String) -> Bool { members[key] != nil }

    mutating func value(_ key: String) throws(NetworkError) -> JSONValue {
        guard let value = members.removeValue(forKey: key) else { throw error(key, found: "nothing", expected: "a value") }
        return value
    }

    mutating func string(_ key: String) throws(NetworkError) -> String {
        let value = try value(key)
        guard case .string(let string) = value else { throw error(key, found: value.summary, expected: "a string") }
        return string
    }

    mutating func bool(_ key: String) throws(NetworkError) -> Bool {
        let value = try value(key)
        guard case .bool(let bool) = value else { throw error(key, found: value.summary, expected: "true or false") }
        return bool
    }

    mutating func integer(_ key: String, in range: ClosedRange<Int>) throws(NetworkError) -> Int {
        let value = try value(key)
        guard case .integer(let integer) = value, range.contains(integer) else {
            throw error(key, found: value.summary, expected: "an integer in \(range.lowerBound)...\(range.upperBound)")
        }
        return integer
    }

    mutating func double(_ key: String) throws(NetworkError) -> Double {
        let value = try value(key)
        guard let double = value.double else { throw error(key, found: value.summary, expected: "a number") }
        return double
    }

    /// A number that was written by `JSONValue(_: Float)` reads back exactly.
    mutating func float(_ key: String) throws(NetworkError) -> Float { Float(try double(key)) }

    mutating func array(_ key: String, count: ClosedRange<Int>) throws(NetworkError) -> [JSONValue] {
        let value = try value(key)
        guard case .array(let elements) = value, count.contains(elements.count) else {
            let length = count.count == 1 ? "\(count.lowerBound)" : "\(count.lowerBound)...\(count.upperBound)"
            throw error(key, found: value.summary, expected: "a list of \(length)")
        }
        return elements
    }

    mutating func integers(_ key: String, count: ClosedRange<Int>, in range: ClosedRange<Int>) throws(NetworkError) -> [Int] {
        var integers: [Int] = []
        for (index, element) in try array(key, count: count).enumerated() {
            guard case .integer(let integer) = element, range.contains(integer) else {
                throw error("\(key)[\(index)]", found: element.summary, expected: "an integer in \(range.lowerBound)...\(range.upperBound)")
            }
            integers.append(integer)
        }
        return integers
    }

    mutating func floats(_ key: String, count: Int) throws(NetworkError) -> [Float] {
        var floats: [Float] = []
        for (index, element) in try array(key, count: count...count).enumerated() {
            guard let number = element.double else { throw error("\(key)[\(index)]", found: element.summary, expected: "a number") }
            floats.append(Float(number))
        }
        return floats
    }

    mutating func choice<Choice: RawRepresentable & CaseIterable>(_ key: String) throws(NetworkError) -> Choice
    where Choice.RawValue == String {
        let name = try string(key)
        guard let choice = Choice(rawValue: name) else {
            throw error(key, found: quoted(name), expected: Choice.allCases.map(\.rawValue).joined(separator: ", "))
        }
        return choice
    }

    /// Throws if a member was not read.
    func end() throws(NetworkError) {
        guard let key = members.keys.min() else { return }
        throw error(key, found: "an unknown field", expected: "only known fields")
    }

    func error(_ key: String, found: String, expected: String) -> NetworkError {
        NetworkError(file: file, field: "\(path).\(key)", found: found, expected: expected)
    }
}

extension JSONValue {
    /// A number that reads back as exactly this Float.
    init(_ value: Float) { self = .number(Double(value)) }

    var double: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .number(let value): value
        default: nil
        }
    }
}
