import Testing

@testable import ESegNetwork

@Suite("A max-pool")
struct MaxPoolTests {
    private let pool = MaxPool(channels: 6)

    @Test("passes its input's codes on")
    func description() throws {
        #expect(pool.operation.name == "max_pool" && pool.summary == "max-pool 3x3 /2" && pool.label == "max-pool")
        #expect(pool.codes == .input && pool.valueInputs(1) == 0..<1 && pool.tiedInputs(1) == 0..<1 && pool.parameters.isEmpty)
        #expect(pool.window == Window(kernel: 3, stride: 2) && pool.macs(Shape(height: 3, width: 2, channels: 6)) == 0)
        #expect(try pool.throughFile() == .maxPool(pool))
    }

    @Test("halves a map, to the next whole size")
    func sizes() { #expect(pool.size([7, 8]) == [4, 4] && pool.size([1, 1]) == [1, 1]) }

    @Test("reads one map of as many channels")
    func limits() {
        #expect(pool.faultyField(reading: 6) == nil)
        #expect(pool.faultyField(reading: 5) == "inputs" && pool.faultyField(reading: 6, 6) == "inputs" && pool.faultyField() == "inputs")
    }
}
