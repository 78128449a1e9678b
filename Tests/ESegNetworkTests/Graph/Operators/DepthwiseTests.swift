import Testing

@testable import ESegNetwork

@Suite("A depthwise convolution")
struct DepthwiseTests {
    private let layer = Depthwise(channels: 6, kernel: 5, stride: 2, activation: .silu)

    @Test("has weights of its own for each channel")
    func description() throws {
        #expect(layer.operation.name == "depthwise" && layer.summary == "depthwise 5x5 /2 silu" && layer.label == "depthwise5x5")
        #expect(layer.parameters == [Parameter("weight", [6, 5, 5], scaling: .rows), Parameter("bias", [6], scaling: .rows)])
        #expect(layer.taps == 25 && layer.macs(Shape(height: 3, width: 2, channels: 6)) == 36 * 25)
        #expect(layer.valueInputs(1) == 0..<1 && layer.tiedInputs(1).isEmpty && !layer.readsPixels && layer.codes == .own)
        #expect(try layer.throughFile() == .depthwise(layer))
    }

    @Test("slides with half its kernel outside the map")
    func sizes() { #expect(layer.size([7, 8]) == [4, 4] && layer.size([1, 2]) == [1, 1]) }

    @Test("refuses kernels, strides and channels that there are not")
    func limits() {
        #expect(layer.faultyField(reading: 6) == nil)
        #expect(layer.faultyField(reading: 5) == "inputs" && layer.faultyField() == "inputs")
        for kernel in [Int.min, 0, 12, .max] {
            #expect(Depthwise(channels: 6, kernel: kernel, stride: 1, activation: .none).faultyField(reading: 6) == "kernel rows")
        }
        #expect(Depthwise(channels: 6, kernel: 3, stride: 65, activation: .none).faultyField(reading: 6) == "stride of rows")
    }
}
