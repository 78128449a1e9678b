import Testing

@testable import ESegNetwork

@Suite("A gate")
struct GateTests {
    private let gate = Gate(channels: 6, squeezed: 2)

    @Test("has both layers of a squeeze-excite")
    func description() throws {
        #expect(gate.operation.name == "gate" && gate.summary == "squeeze-excite" && gate.label == "gate")
        #expect(
            gate.parameters == [
                Parameter("reduce.weight", [2, 6], scaling: .inverseColumns), Parameter("reduce.bias", [2]),
                Parameter("expand.weight", [6, 2]),
                Parameter("expand.bias", [6]),
            ])
        #expect(gate.valueInputs(1) == 0..<1 && gate.tiedInputs(1) == 0..<1 && gate.codes == .own && gate.taps == 0)
        #expect(gate.size([7, 8]) == [7, 8] && gate.macs(Shape(height: 7, width: 8, channels: 6)) == 24)
        #expect(try gate.throughFile() == .gate(gate))
    }

    @Test("refuses channels that there are not")
    func limits() {
        #expect(gate.faultyField(reading: 6) == nil && gate.faultyField(reading: 5) == "inputs" && gate.faultyField() == "inputs")
        for squeezed in [Int.min, 0, .max] { #expect(Gate(channels: 6, squeezed: squeezed).faultyField(reading: 6) == "squeezed") }
    }
}
