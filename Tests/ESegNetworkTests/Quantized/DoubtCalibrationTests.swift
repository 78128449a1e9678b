import Testing

@testable import ESegNetwork

@Suite struct DoubtCalibrationTests {
    private let calibration = DoubtCalibration(margin: 0.22486381, seen: .init(pixels: 0.015357349537037037, flips: 0.99))

    @Test func isReadAsItWasWritten() throws {
        var provenance = ["weights": "w"]
        calibration.write(to: &provenance)
        #expect(try DoubtCalibration(provenance, file: "f") == calibration)
        DoubtCalibration.usual.write(to: &provenance)
        #expect(provenance == ["weights": "w"])
        #expect(try DoubtCalibration(provenance, file: "f") == .usual)
    }

    @Test func marginsThatNoLogitsHaveAreLimited() throws {
        var provenance: [String: String] = [:]
        DoubtCalibration(margin: 1e-20, seen: calibration.seen).write(to: &provenance)
        #expect(try DoubtCalibration(provenance, file: "f").margin == 1e-6)
    }

    @Test(arguments: [
        ("doubt.margin", "0"), ("doubt.margin", "-1"), ("doubt.margin", "nan"), ("doubt.margin", "inf"), ("doubt.margin", ""),
        ("doubt.margin", "1,5"), ("doubt.pixels", "1.5"), ("doubt.pixels", "nan"), ("doubt.flips", "-0.1"), ("doubt.flips", "x"),
    ])
    func othersAreRefused(key: String, value: String) {
        var provenance: [String: String] = [:]
        calibration.write(to: &provenance)
        provenance[key] = value
        let expected = key == "doubt.margin" ? "a number from 1e-06 to 1000000.0" : "a number from 0.0 to 1.0"
        #expect(
            throws: NetworkError(file: "f", field: "__metadata__.calibration.\(key)", found: "\"\(value)\"", expected: expected)
        ) { try DoubtCalibration(provenance, file: "f") }
    }

    @Test(arguments: ["doubt.margin", "doubt.pixels", "doubt.flips"])
    func noneMayBeMissing(key: String) {
        var provenance: [String: String] = [:]
        calibration.write(to: &provenance)
        provenance[key] = nil
        #expect(throws: NetworkError.self) { try DoubtCalibration(provenance, file: "f") }
    }
}
