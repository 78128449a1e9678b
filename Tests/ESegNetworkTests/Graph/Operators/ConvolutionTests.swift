import Testing

@testable import ESegNetwork

@Suite("A convolution")
struct ConvolutionTests {
    private let layer = Convolution(inputChannels: 4, outputChannels: 6, kernel: 3, stride: 2, activation: .relu)
    private let residual = Convolution(inputChannels: 4, outputChannels: 6, kernel: 5, stride: 1, activation: .none, residual: true)

    @Test("is named by its kernel, stride, activation and residual")
    func names() {
        #expect(layer.operation.name == "convolution" && layer.label == "conv3x3")
        #expect(layer.summary == "conv 3x3 /2 relu" && residual.summary == "conv 5x5 + residual")
    }

    @Test("has weights of every input channel, and a bias")
    func parameters() {
        #expect(layer.parameters == [Parameter("weight", [6, 3, 3, 4], scaling: .rows), Parameter("bias", [6], scaling: .rows)])
        #expect(layer.channels == 6 && layer.taps == 36 && layer.window == Window(kernel: 3, stride: 2))
        #expect(layer.macs(Shape(height: 2, width: 5, channels: 6)) == 10 * 6 * 36)
        #expect(layer.codes == .own && layer.readsPixels)
    }

    @Test("reads all its inputs; a residual's channels are its output's")
    func inputs() {
        #expect(layer.valueInputs(1) == 0..<1 && layer.tiedInputs(1).isEmpty)
        #expect(residual.valueInputs(2) == 0..<2 && residual.tiedInputs(2) == 1..<2)
        #expect(residual.isResidual && residual.operation.outputActivation == .none)
        let ended = Convolution(
            inputChannels: 4, outputChannels: 4, window: Window(kernel: 1, stride: 1), activation: .none, residual: true,
            sumActivation: .relu)
        #expect(ended.operation.outputActivation == .relu && ended.activation == .none)
        #expect(throws: Never.self) { try ended.check(inputChannels: [4, 4]) }
        for (isResidual, activation) in [(true, Activation.silu), (true, .sigmoid), (false, .relu)] {
            var wrong = ended
            (wrong.residual, wrong.sumActivation) = (isResidual, activation)
            #expect(throws: OperatorFault.self) { try wrong.check(inputChannels: isResidual ? [4, 4] : [4]) }
        }
    }

    @Test("slides with half its kernel outside the map")
    func sizes() {
        #expect(layer.size([7, 8]) == [4, 4] && layer.size([1, 1]) == [1, 1])
        #expect(residual.size([7, 8], [7, 8]) == [7, 8])
        #expect(residual.size([7, 8], [7, 9]) == nil)
    }

    @Test("refuses kernels, strides and channels that there are not")
    func limits() {
        #expect(layer.faultyField(reading: 4) == nil && residual.faultyField(reading: 4, 6) == nil)
        #expect(layer.faultyField(reading: 5) == "inputs" && layer.faultyField(reading: 4, 6) == "inputs")
        #expect(residual.faultyField(reading: 4) == "inputs" && residual.faultyField(reading: 4, 5) == "residual")
        let changes: [(WritableKeyPath<Convolution, Int>, String)] = [
            (\.slides.rows.kernel, "kernel rows"), (\.slides.columns.stride, "stride of columns"),
            (\.slides.rows.dilation, "dilation of rows"), (\.inputChannels, "input channels"),
        ]
        for (change, field) in changes {
            for value in [Int.min, 0, .max] {
                var other = layer
                other[keyPath: change] = value
                #expect(other.faultyField(reading: 4) == field)
            }
        }
    }

    @Test("comes back from a file as it was")
    func file() throws {
        for activation in Activation.allCases {
            var other = residual
            other.activation = activation
            #expect(try other.throughFile() == .convolution(other))
        }
        #expect(try layer.throughFile() == .convolution(layer))
    }
}
