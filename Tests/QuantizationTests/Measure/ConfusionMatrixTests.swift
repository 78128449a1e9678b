import Testing

@testable import Quantization

struct ConfusionMatrixTests {
    /// 2 right and 1 wrong of class 0, 1 right of class 1, class 2 neither labeled nor predicted.
    private func small() -> ConfusionMatrix {
        var matrix = ConfusionMatrix(classes: 3)
        matrix.add(labels: [0, 0, 0, 1], predictions: [0, 0, 1, 1])
        return matrix
    }

    @Test func countsLabelsByPrediction() {
        #expect(small().count(label: 0, prediction: 0) == 2)
        #expect(small().count(label: 0, prediction: 1) == 1)
        #expect(small().count(label: 1, prediction: 1) == 1)
        #expect(small().count(label: 1, prediction: 0) == 0)
    }

    @Test func intersectionOverUnionPerClass() {
        let (first, second) = (2.0 / 3, 1.0 / 2)
        #expect(small().perClassIoU == [first, second, nil])
        #expect(small().meanIoU == (first + second) / 2)
        #expect(small().pixelAccuracy == 3.0 / 4)
    }

    @Test func framesAddUp() {
        var twice = small()
        twice.add(labels: [0, 0, 0, 1], predictions: [0, 0, 1, 1])
        #expect(twice.count(label: 0, prediction: 0) == 4)
        #expect(twice.perClassIoU == small().perClassIoU)
    }

    @Test(arguments: [UInt8(3), 11, 255]) func labelsThatAreNoClassAreIgnored(label: UInt8) {
        var matrix = small()
        matrix.add(labels: [label, label], predictions: [0, 2])
        #expect(matrix == small())
    }

    @Test func aPredictionThatIsNoClassIsAMiss() {
        var matrix = small()
        matrix.add(labels: [1], predictions: [200])
        #expect(matrix.pixelAccuracy == 3.0 / 5)
        #expect(matrix.perClassIoU[1] == 1.0 / 3)
    }

    @Test func aClassThatOnlyAPredictionHasLowersOthersButIsNotAveraged() {
        var matrix = ConfusionMatrix(classes: 2)
        matrix.add(labels: [0, 0], predictions: [0, 1])
        #expect(matrix.perClassIoU == [0.5, nil])
        #expect(matrix.meanIoU == 0.5)
    }

    @Test func withoutLabelsThereIsNoMeasure() {
        var matrix = ConfusionMatrix(classes: 2)
        matrix.add(labels: [255, 255], predictions: [0, 1])
        #expect(matrix.meanIoU == nil)
        #expect(matrix.pixelAccuracy == nil)
    }
}
