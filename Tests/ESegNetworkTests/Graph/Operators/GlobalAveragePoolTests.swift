import Testing

@testable import ESegNetwork

@Suite("A global average pool")
struct GlobalAveragePoolTests {
    private let mean = GlobalAveragePool(channels: 6)

    @Test("makes one pixel of a map of any size")
    func description() throws {
        #expect(mean.operation.name == "global_average_pool" && mean.summary == "global average pool" && mean.label == "mean")
        #expect(mean.size([7, 8]) == [1, 1] && mean.size([1, 1]) == [1, 1])
        #expect(mean.valueInputs(1) == 0..<1 && mean.tiedInputs(1) == 0..<1 && mean.codes == .own && mean.parameters.isEmpty)
        #expect(try mean.throughFile() == .globalAveragePool(mean))
    }

    @Test("reads one map of as many channels")
    func limits() {
        #expect(mean.faultyField(reading: 6) == nil)
        #expect(mean.faultyField(reading: 5) == "inputs" && mean.faultyField(reading: 6, 6) == "inputs")
    }
}
