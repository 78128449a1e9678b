/// The values of one section of a configuration, each asked for by its key.
struct ConfigValues {
    let file: String
    let section: ConfigFile.Section
    private let entries: [String: ConfigFile.Entry]

    /// Throws where a key is not one of `keys`, or is there twice.
    init(_ section: ConfigFile.Section, of file: String, keys: [String]) throws(ConfigError) {
        (self.file, self.section) = (file, section)
        var entries: [String: ConfigFile.Entry] = [:]
        for entry in section.entries {
            guard keys.contains(entry.key) else {
                let place = section.title.isEmpty ? "above the cameras" : "in [\(section.title)]"
                throw ConfigError(
                    file: file, line: entry.line, field: "key", found: "\"\(entry.key)\" \(place)",
                    expected: keys.joined(separator: ", "))
            }
            if let earlier = entries.updateValue(entry, forKey: entry.key) {
                throw ConfigError(
                    file: file, line: entry.line, field: entry.key, found: "a second one, after line \(earlier.line)",
                    expected: "one")
            }
        }
        self.entries = entries
    }

    func has(_ key: String) -> Bool { entries[key] != nil }

    /// What `make` makes of a value; nil where the key is not there. Throws where `make` gives nil.
    func value<Value>(_ key: String, expected: String, _ make: (String) -> Value?) throws(ConfigError) -> Value? {
        guard let entry = entries[key] else { return nil }
        guard let value = make(entry.value) else { throw error(key, found: "\"\(entry.value)\"", expected: expected) }
        return value
    }

    func integer(_ key: String, _ range: ClosedRange<Int>) throws(ConfigError) -> Int? {
        try value(key, expected: "\(range.lowerBound) to \(range.upperBound)") { text in
            Int(text).flatMap { range.contains($0) ? $0 : nil }
        }
    }

    func path(_ key: String) throws(ConfigError) -> String? {
        try value(key, expected: "a path") { $0.isEmpty ? nil : $0 }
    }

    func flag(_ key: String) throws(ConfigError) -> Bool {
        try value(key, expected: "yes or no") { ["yes": true, "no": false][$0] } ?? false
    }

    /// An error about a key, in its line, or in that of the section where it is not there.
    func error(_ key: String, found: String, expected: String) -> ConfigError {
        let line = entries[key]?.line ?? (section.title.isEmpty ? nil : section.line)
        return ConfigError(file: file, line: line, field: key, found: found, expected: expected)
    }
}
