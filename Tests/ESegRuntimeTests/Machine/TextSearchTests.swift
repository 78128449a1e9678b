import Testing

@testable import ESegRuntime

@Suite struct TextSearchTests {
    @Test(arguments: ["b", "cpu", "cpu-thermal", "é"])
    func findsPartsByTheirBytes(part: String) {
        for text in ["", "cpu", "cpu-thermal", "gpu-thermal", "abc", "caf\u{E9}", "cpcpu"] {
            #expect(text.includes(part) == text.contains(part), "\(part) in \(text)")
        }
    }

    @Test func nothingIsEverywhere() { #expect("".includes("") && "cpu".includes("")) }
}
