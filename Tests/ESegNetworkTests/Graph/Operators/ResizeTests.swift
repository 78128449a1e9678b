import Testing

@testable import ESegNetwork

@Suite("A resize")
struct ResizeTests {
    private let resize = Resize(channels: 6)

    @Test("passes its first input's codes on, and reads no values of the others")
    func description() throws {
        #expect(resize.operation.name == "resize" && resize.summary == "nearest resize" && resize.label == "resize")
        #expect(resize.codes == .input && resize.parameters.isEmpty && resize.window == nil)
        #expect(resize.valueInputs(3) == 0..<1 && resize.tiedInputs(3) == 0..<1 && resize.valueInputs(0).isEmpty)
        #expect(try resize.throughFile() == .resize(resize))
    }

    @Test("has the size of its last input, whatever its own is")
    func sizes() {
        #expect(resize.size([3, 4], [7, 9]) == [7, 9])
        #expect(resize.size([30, 40], [7, 9], [1, 50]) == [1, 50])
    }

    @Test("takes 1 to 15 steps; the maps that only give sizes have any channels")
    func limits() {
        #expect(resize.faultyField(reading: 6, 1) == nil && resize.faultyField(reading: 5, 6) == "inputs")
        #expect(resize.faultyField() == "inputs" && resize.faultyField(reading: 6) == "inputs")
        #expect(fault { () throws(OperatorFault) in try resize.check(inputChannels: [Int](repeating: 6, count: 16)) } == nil)
        #expect(fault { () throws(OperatorFault) in try resize.check(inputChannels: [Int](repeating: 6, count: 17)) } == "inputs")
    }
}
