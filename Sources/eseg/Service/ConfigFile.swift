import ESegNetwork
@preconcurrency import Glibc

/// What is wrong with a configuration: the file, the line, the field, what was found and what was expected.
struct ConfigError: Error, Equatable, CustomStringConvertible {
    let file: String
    /// Nil where no single line is wrong.
    let line: Int?
    let field: String
    let found: String
    let expected: String

    var description: String { "\(file)\(line.map { ":\($0)" } ?? ""): \(field): found \(found), expected \(expected)" }
}

/// A configuration as it is written: lines "key = value", those that belong together below a line "[section name]".
///
/// Lines that are empty or begin with # or ; mean nothing.
struct ConfigFile {
    struct Entry {
        let key: String
        let value: String
        let line: Int
    }

    struct Section {
        /// What stands between the brackets; empty for what stands above the first.
        let title: String
        let line: Int
        var entries: [Entry] = []
    }

    static let largest = 1 << 20

    let path: String
    let sections: [Section]

    /// Throws `ConfigError`, or `NetworkError` where the file cannot be read.
    init(contentsOf path: String) throws {
        var status = stat()
        if stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG {
            guard status.st_size <= Self.largest else {
                throw ConfigError(
                    file: path, line: nil, field: "file", found: "\(status.st_size) bytes", expected: "at most \(Self.largest)")
            }
            // Other readers take no empty file, which as a configuration merely lacks what it must have.
            guard status.st_size > 0 else {
                try self.init("", path: path)
                return
            }
        }
        let bytes = try WholeFile(path).withBytes { Array($0) }
        guard let text = String(validating: bytes, as: UTF8.self), !bytes.contains(0) else {
            throw ConfigError(file: path, line: nil, field: "file", found: "bytes that are no text", expected: "UTF-8")
        }
        try self.init(text, path: path)
    }

    init(_ text: String, path: String) throws(ConfigError) {
        self.path = path
        var sections = [Section(title: "", line: 1)]
        for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            let content = line.trimmed
            guard !content.isEmpty, !content.hasPrefix("#"), !content.hasPrefix(";") else { continue }
            func wrong(_ field: String, _ expected: String) -> ConfigError {
                ConfigError(file: path, line: index + 1, field: field, found: "\"\(content)\"", expected: expected)
            }
            if content.hasPrefix("[") {
                guard content.hasSuffix("]") else { throw wrong("section", "a name in brackets, such as [camera front]") }
                sections.append(Section(title: content.dropFirst().dropLast().trimmed, line: index + 1))
            } else {
                guard let sign = content.firstIndex(of: "=") else { throw wrong("line", "key = value, or [camera NAME]") }
                let key = content[..<sign].trimmed, value = content[content.index(after: sign)...].trimmed
                guard !key.isEmpty else { throw wrong("line", "a key before =") }
                sections[sections.count - 1].entries.append(Entry(key: key, value: value, line: index + 1))
            }
        }
        self.sections = sections
    }
}

extension Substring {
    /// Without spaces at its ends.
    fileprivate var trimmed: String {
        let start = drop { $0 == " " || $0 == "\t" }
        return String(start[..<(start.lastIndex { $0 != " " && $0 != "\t" }.map(start.index(after:)) ?? start.startIndex)])
    }
}
