import Testing

@testable import ESegNetwork

@Suite("Channels put elsewhere")
struct RearrangementTests {
    private let selection = ChannelSelection(inputChannels: 6, selected: [5, 0, 0])
    private let space = DepthToSpace(channels: 3, block: 2)

    @Test("keep their input's codes")
    func description() throws {
        #expect(selection.channels == 3 && selection.codes == .input && selection.summary == "3 of 6 channels")
        #expect(space.channels == 3 && space.codes == .input && space.summary == "depth to space 2x2")
        #expect(try selection.throughFile() == selection.operation)
        #expect(try space.throughFile() == space.operation)
    }

    @Test("have the map's size, or a block's for each pixel")
    func sizes() {
        #expect(selection.size([7, 8]) == [7, 8] && space.size([7, 8]) == [14, 16])
        #expect(DepthToSpace(channels: 3, block: 16).size([2000, 8]) == nil)
    }

    @Test("refuse channels and blocks that there are not")
    func limits() {
        #expect(selection.faultyField(reading: 6) == nil && selection.faultyField(reading: 5) == "inputs")
        #expect(ChannelSelection(inputChannels: 6, selected: [6]).faultyField(reading: 6) == "selected")
        #expect(space.faultyField(reading: 12) == nil && space.faultyField(reading: 6) == "inputs")
        for block in [Int.min, 1, 17, .max] { #expect(DepthToSpace(channels: 3, block: block).faultyField(reading: 12) == "block") }
    }
}
