/// SHA-256 of what makes two things the same, in lower-case hexadecimal.
package struct Fingerprint {
    private var hash = SHA256()

    package init() {}

    /// Adds a text and where it ends.
    package mutating func add(_ text: String) {
        let bytes = Array(text.utf8)
        add([bytes.count])
        bytes.withUnsafeBytes { hash.update($0) }
    }

    package mutating func add<Element: BitwiseCopyable>(_ values: [Element]) { values.withUnsafeBytes { hash.update($0) } }

    package var text: String { String(decoding: hash.digits(), as: UTF8.self) }

    /// The fingerprint of texts in this order.
    package static func of(_ texts: [String]) -> String {
        var fingerprint = Fingerprint()
        for text in texts { fingerprint.add(text) }
        return fingerprint.text
    }
}

extension FloatNetwork {
    /// Of all that the network computes with: description, graph and parameters.
    package var fingerprint: String {
        var fingerprint = Fingerprint()
        fingerprint.add(description.json.text)
        fingerprint.add(JSONValue.array(graph.nodes.map { .object($0.members) }).text)
        for (name, tensor) in parameters.sorted(by: { $0.key < $1.key }) {
            fingerprint.add(name)
            fingerprint.add("\(tensor.shape)")
            fingerprint.add(tensor.values)
        }
        return fingerprint.text
    }
}
