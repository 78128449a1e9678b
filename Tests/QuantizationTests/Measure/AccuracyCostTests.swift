import ESegRuntime
import Testing

@testable import Quantization

struct AccuracyCostTests {
    private let float = ClassMap(width: 4, height: 1, classes: [0, 0, 1, 1])
    private let int8 = ClassMap(width: 4, height: 1, classes: [0, 1, 1, 1])

    private func frame(labels: [UInt8]?) -> LabeledFrame {
        LabeledFrame(name: "a", image: RGBImage(width: 4, height: 1, pixels: [UInt8](repeating: 0, count: 12)), labels: labels)
    }

    @Test func withoutLabelsTheLossIsWhatFlips() {
        var cost = AccuracyCost(classes: 2)
        cost.add(frame(labels: nil), float: float, int8: int8)
        #expect(cost.loss == 25 && cost.lossUnit == "% of pixels that change their class" && cost.meanIoU == nil)
        #expect(cost.line(dataset: "a/b") == "argmax agreement with float 75.00 % on 1 frames of a/b")
    }

    @Test func withLabelsItIsPointsOfMeanIoU() {
        var cost = AccuracyCost(classes: 2)
        cost.add(frame(labels: [0, 0, 1, 255]), float: float, int8: int8)
        #expect(cost.meanIoU?.float == 100 && cost.meanIoU?.int8 == 50)
        #expect(cost.loss == 50 && cost.lossUnit == "points of mIoU")
        #expect(cost.line(dataset: "d") == "argmax agreement with float 75.00 %, mIoU 100.00 % to 50.00 % on 1 frames of d")
    }
}
