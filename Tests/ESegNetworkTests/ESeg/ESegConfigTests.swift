import Testing

@testable import ESegNetwork

@Suite("A config")
struct ConfigTests {
    private func config(replacing field: String, with text: String) throws -> ESegConfig {
        guard case .object(var members) = ESegConfig.presets()[0].json else {
            throw NetworkError(file: "", field: "", found: "", expected: "")
        }
        members.removeAll { $0.key == field }
        if !text.isEmpty { members.append(JSONValue.Member(key: field, value: try JSONValue(parsing: text, file: "", field: ""))) }
        return try ESegConfig(json: .object(members), file: "weights")
    }

    @Test("reads back from its JSON", arguments: ESegConfig.presets(classes: 19))
    func roundTrip(_ config: ESegConfig) throws {
        let json = try JSONValue(parsing: config.json.text, file: "", field: "")
        #expect(try ESegConfig(json: json, file: "") == config)
    }

    @Test(
        "is read as PyTorch's trainer writes it", .enabled(if: Shared.isHere, Shared.absence),
        arguments: ["eseg-edge", "eseg-lite-s", "eseg-s"])
    func reference(_ name: String) throws {
        let file = try Safetensors(contentsOf: Shared.path("models/\(name).safetensors"))
        #expect(try ESegConfig(json: file.metadataJSON("config"), file: file.path) == ESegConfig.preset(name))
    }

    @Test(
        "accepts what a user may change",
        arguments: [("width", "0.25"), ("depth", "2"), ("fpn_repeats", "16"), ("max_level", "6"), ("classes", "255")])
    func accepted(_ change: (field: String, text: String)) throws {
        #expect(throws: Never.self) { try config(replacing: change.field, with: change.text) }
    }

    static let refused = [
        ("width", "0"), ("width", "-1"), ("width", "10.5"), ("width", "\"1\""), ("width", ""), ("depth", "1e300"), ("depth", "null"),
        ("block", "\"resnet\""), ("block", "1"), ("activation", "\"none\""), ("activation", "\"gelu\""), ("squeeze_excite", "1"),
        ("fpn_channels", "0"), ("fpn_channels", "1025"), ("fpn_channels", "64.0"), ("fpn_channels", "1000000000000000000000"),
        ("fpn_repeats", "0"),
        ("fpn_repeats", "17"), ("min_level", "3"), ("max_level", "5"), ("max_level", "10"), ("classes", "0"), ("classes", "256"),
        ("mean", "[0,0]"),
        ("mean", "[0,0,1e30]"), ("std", "[1,1,0]"), ("std", "[1,1,-1]"), ("std", "[1,1,\"1\"]"), ("name", "3"), ("dropout", "0.5"),
    ]

    @Test("out of range, missing, mistyped or unknown fields are refused by name", arguments: refused)
    func refusedField(_ change: (field: String, text: String)) {
        let error = networkError { _ = try config(replacing: change.field, with: change.text) }
        #expect(error?.field.hasPrefix("config.\(change.field)") == true)
        #expect(error?.file == "weights")
    }

    @Test("made in code is held to the same ranges")
    func madeInCode() throws {
        var config = ESegConfig.presets()[0]
        config.std[1] = .nan
        #expect(networkError { try config.validate(file: "f") }?.field == "config.std")
        config = ESegConfig.presets()[1]
        config.squeezeExcite = true
        #expect(networkError { try config.validate(file: "f") }?.field == "config.squeeze_excite")
    }
}
