import Testing

@testable import ESegNetwork

@Suite struct DoubtCalibrationTests {
    private let calibration = DoubtCalibration(
        margin: 0.22486381, best: [1, 0.51], second: [1.5, 1], seen: .init(pixels: 0.015357349537037037, flips: 0.99))

    private func read(_ provenance: [String: String]) throws(NetworkError) -> DoubtCalibration {
        try DoubtCalibration(provenance, classes: 2, file: "f")
    }

    @Test func isReadAsItWasWritten() throws {
        var provenance = ["weights": "w"]
        calibration.write(to: &provenance)
        #expect(provenance["doubt.best"] == "1.0 0.51")
        #expect(try read(provenance) == calibration)
        DoubtCalibration.usual.write(to: &provenance)
        #expect(provenance == ["weights": "w"])
        #expect(try read(provenance) == .usual)
    }

    @Test func whatNoFileCanHaveIsLimited() throws {
        let limited = DoubtCalibration(margin: 1e-20, best: [0, 1e9], second: [1, 1], seen: calibration.seen)
        #expect(limited.margin == 1e-6 && limited.best == [1e-3, 1e3])
    }

    @Test(arguments: [
        ("doubt.margin", "0"), ("doubt.margin", "-1"), ("doubt.margin", "nan"), ("doubt.margin", "inf"), ("doubt.margin", ""),
        ("doubt.margin", "1,5"), ("doubt.margin", "1 1"), ("doubt.pixels", "1.5"), ("doubt.pixels", "nan"), ("doubt.flips", "-0.1"),
        ("doubt.flips", "x"), ("doubt.best", "1"), ("doubt.best", "1 1 1"), ("doubt.best", "1  1"), ("doubt.best", "1 0"),
        ("doubt.second", "1 1e4"), ("doubt.second", "1 nan"), ("doubt.second", ""),
    ])
    func othersAreRefused(key: String, value: String) throws {
        var provenance: [String: String] = [:]
        calibration.write(to: &provenance)
        provenance[key] = value
        let range =
            key == "doubt.margin" ? "1e-06 to 1000000.0" : key == "doubt.best" || key == "doubt.second" ? "0.001 to 1000.0" : "0.0 to 1.0"
        let count = key == "doubt.best" || key == "doubt.second" ? "2 numbers" : "a number"
        let expected = NetworkError(
            file: "f", field: "__metadata__.calibration.\(key)", found: "\"\(value)\"", expected: "\(count) from \(range)")
        #expect(throws: expected) { try read(provenance) }
    }

    @Test(arguments: ["doubt.margin", "doubt.best", "doubt.second", "doubt.pixels", "doubt.flips"])
    func noneMayBeMissing(key: String) {
        var provenance: [String: String] = [:]
        calibration.write(to: &provenance)
        provenance[key] = nil
        #expect(throws: NetworkError.self) { try read(provenance) }
    }
}
