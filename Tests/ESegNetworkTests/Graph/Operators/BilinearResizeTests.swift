import Testing

@testable import ESegNetwork

@Suite("A bilinear resize")
struct BilinearResizeTests {
    private func resize(_ target: ResizeTarget, _ activation: Activation = .none) -> BilinearResize {
        BilinearResize(channels: 6, target: target, positions: .alignCorners, activation: activation)
    }

    @Test("has codes of its own, and scales its input's channels")
    func description() throws {
        let like = resize(.like, .relu)
        #expect(like.operation.name == "bilinear_resize" && like.summary == "bilinear resize relu" && like.label == "bilinear")
        #expect(like.codes == .own && like.valueInputs(2) == 0..<1 && like.tiedInputs(2) == 0..<1)
        #expect(like.linear == resize(.like).operation && like.layerKind(isInt16: false) == .rescaled)
    }

    @Test(
        "comes back from a file as it was",
        arguments: [
            ResizeTarget.like, .size(MapSize(height: 3, width: 9)), .scales(height: 1.5, width: 0.25),
        ])
    func file(target: ResizeTarget) throws { #expect(try resize(target).throughFile() == resize(target).operation) }

    @Test("makes its target's size")
    func sizes() {
        #expect(resize(.like).size([3, 4], [7, 9]) == [7, 9] && resize(.size(MapSize(height: 5, width: 2))).size([3, 4]) == [5, 2])
        #expect(resize(.scales(height: 1.5, width: 0.7)).size([3, 4]) == [4, 2])
        #expect(
            resize(.scales(height: 0.1, width: 1)).size([3, 4]) == nil && resize(.scales(height: 1000, width: 1)).size([300, 4]) == nil)
    }

    @Test("refuses what it cannot make")
    func limits() {
        #expect(resize(.like).faultyField(reading: 6) == "inputs" && resize(.like).faultyField(reading: 6, 1) == nil)
        #expect(resize(.scales(height: .nan, width: 1)).faultyField(reading: 6) == "scales")
        #expect(resize(.size(MapSize(height: 0, width: .max))).faultyField(reading: 6) == "size")
        #expect(resize(.size(MapSize(height: 2, width: 2)), .silu).faultyField(reading: 6) == "activation")
        #expect(resize(.size(MapSize(height: 2, width: 2))).faultyField(reading: 5) == "inputs")
    }

    @Test("takes a scale as the fraction that it is")
    func ratios() {
        #expect(ExactRatio(inverseOf: 2) == ExactRatio(1, 2) && ExactRatio(inverseOf: 0.75) == ExactRatio(4, 3))
        let third = ExactRatio(inverseOf: Float(1) / 3)
        #expect(Float(third.denominator) / Float(third.numerator) == Float(1) / 3)
    }
}
