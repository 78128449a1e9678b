import Testing

@testable import ESegNetwork

@Suite("A weighted sum")
struct WeightedSumTests {
    private let sum = WeightedSum(channels: 6, inputs: 3, activation: .relu)

    @Test("has a weight for each channel of each input, all of which are tied to its output")
    func description() throws {
        #expect(sum.operation.name == "weighted_sum" && sum.summary == "sum of 3 relu" && sum.label == "sum")
        #expect(sum.parameters == [Parameter("weights", [3, 6])] && sum.codes == .own)
        #expect(sum.valueInputs(3) == 0..<3 && sum.tiedInputs(3) == 0..<3)
        #expect(sum.taps == 0 && sum.macs(Shape(height: 3, width: 2, channels: 6)) == 0)
        #expect(try sum.throughFile() == .weightedSum(sum))
    }

    @Test("adds maps of one size")
    func sizes() {
        #expect(sum.size([3, 4], [3, 4], [3, 4]) == [3, 4])
        #expect(sum.size([3, 4], [3, 4], [3, 5]) == nil && sum.size([3, 4], [4, 4], [3, 4]) == nil)
    }

    @Test("adds 2 to 16 maps of as many channels")
    func limits() {
        #expect(sum.faultyField(reading: 6, 6, 6) == nil)
        #expect(sum.faultyField(reading: 6, 6) == "inputs" && sum.faultyField(reading: 6, 6, 5) == "inputs")
        for inputs in [Int.min, 0, 1, 2, 16, 17, .max] {
            let sum = WeightedSum(channels: 6, inputs: inputs, activation: .none)
            let channels = [Int](repeating: 6, count: min(20, max(0, inputs)))
            let field = fault { () throws(OperatorFault) in try sum.check(inputChannels: channels) }
            #expect(field == ((2...16).contains(inputs) ? nil : "inputs"))
        }
    }
}
