extension Safetensors {
    /// A metadata value parsed as JSON.
    package func metadataJSON(_ key: String) throws(NetworkError) -> JSONValue {
        guard let text = metadata[key] else {
            throw NetworkError(file: path, field: "__metadata__.\(key)", found: "nothing", expected: "JSON")
        }
        return try JSONValue(parsing: text, file: path, field: "__metadata__.\(key)")
    }

    /// The metadata's class names, or class0, class1 and so on where it has none. Throws unless there are `count`.
    func classNames(count: Int) throws(NetworkError) -> [String] {
        guard metadata["classes"] != nil else { return (0..<count).map { "class\($0)" } }
        let field = "__metadata__.classes"
        let json = try metadataJSON("classes")
        guard case .array(let elements) = json, elements.count == count else {
            throw NetworkError(
                file: path, field: field, found: json.summary, expected: "a list of \(count) names, as many as config.classes")
        }
        var names: [String] = []
        for (index, element) in elements.enumerated() {
            guard case .string(let name) = element, NetworkDescription.isClassName(name) else {
                throw NetworkError(
                    file: path, field: "\(field)[\(index)]", found: element.summary,
                    expected: NetworkDescription.expectedClassName)
            }
            names.append(name)
        }
        return names
    }
}
