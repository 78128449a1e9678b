import Testing

@testable import ESegNetwork

@Suite("What takes all channels together")
struct ChannelTests {
    private let softmax = Softmax(channels: 6), maximum = ChannelMaximum(inputChannels: 6)

    @Test("a softmax gives shares as int16 codes of their own")
    func softmaxDescription() throws {
        #expect(softmax.operation.name == "softmax" && softmax.summary == "softmax" && softmax.operation.needsInt16)
        #expect(softmax.codes == .own && softmax.tiedInputs(1).isEmpty && softmax.size([7, 8]) == [7, 8])
        #expect(softmax.faultyField(reading: 5) == "inputs" && softmax.faultyField(reading: 6) == nil)
        #expect(try softmax.throughFile() == softmax.operation)
    }

    @Test("a maximum gives one channel of its input's codes")
    func maximumDescription() throws {
        #expect(maximum.operation.name == "channel_maximum" && maximum.summary == "maximum of 6 channels" && maximum.label == "max")
        #expect(maximum.codes == .input && maximum.channels == 1 && maximum.tiedInputs(1).isEmpty && maximum.size([7, 8]) == [7, 8])
        #expect(maximum.faultyField(reading: 5) == "inputs" && maximum.faultyField(reading: 6) == nil)
        #expect(try maximum.throughFile() == maximum.operation)
    }
}
