@testable import ESegNetwork

extension FuzzTarget {
    /// What is read is written as a text that gives the same value.
    static let json = FuzzTarget("json") {
        [#"{"a":[1,-2.5e3,true,null,"\u00e9\ud83d\ude00\n"],"b":{}}"#, "9223372036854775808", "\"\\\"\\\\\""].map { Array($0.utf8) }
    } run: { bytes in
        let value: JSONValue
        do { value = try JSONValue(parsing: bytes, file: "fuzz", field: "json") } catch { return "\(error)" }
        for text in [value.text, value.indentedText] {
            try require((try? JSONValue(parsing: text, file: "fuzz", field: "json")) == value, "\(text) reads as another value")
        }
        return value.text
    }

    /// A config that is taken gives a network whose parameters can be counted, or is refused for their number.
    static let config = FuzzTarget("config") {
        try ESegConfig.presets().map { Array($0.json.text.utf8) }
    } run: { bytes in
        guard let json = try? JSONValue(parsing: bytes, file: "fuzz", field: "config") else { return passedOver }
        return try "\(config(json)); \(description(json))"
    }

    private static func config(_ json: JSONValue) throws -> String {
        let config: ESegConfig
        do { config = try ESegConfig(json: json, file: "fuzz") } catch { return "\(error)" }
        try require((try? ESegConfig(json: config.json, file: "fuzz")) == config, "\(config.json.text) reads as another config")
        guard config.isSmall else { return config.json.text }
        let architecture: Architecture
        do { architecture = try Architecture(config: config, file: "fuzz") } catch { return "\(error)" }
        try require(architecture.parameterCount > 0, "\(json.text) has no parameters")
        return "\(architecture.parameterCount) parameters"
    }

    private static func description(_ json: JSONValue) throws -> String {
        let description: NetworkDescription
        do { description = try NetworkDescription(json: json, file: "fuzz") } catch { return "\(error)" }
        let again = try? NetworkDescription(json: description.json, file: "fuzz")
        try require(again == description, "\(description.json.text) reads as another description")
        return description.json.text
    }
}

extension ESegConfig {
    /// Whether its graph is built in microseconds: repeats only make more of the same.
    fileprivate var isSmall: Bool { depth <= 1 && fpnRepeats <= 2 }
}
