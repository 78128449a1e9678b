import ESegNetwork
import ESegRuntime
import Quantization
import Testing

@testable import Evaluation

struct ComparerTests {
    private let graph = Graph(nodes: [
        Node(name: "image", operation: .image(Image()), inputs: []),
        Node(name: "pool", operation: .maxPool(MaxPool(channels: 3)), inputs: [0]),
    ])

    private func comparer(int8Classes: [UInt8]) -> Comparer<FakeFloat, FakeInt8> {
        Comparer(
            float: FakeFloat(classes: [0, 0, 1, 1]), int8: FakeInt8(classes: int8Classes), graph: graph, classNames: ["a", "b"])
    }

    private func frames(_ count: Int, labels: [UInt8]?) -> LabeledFrames {
        LabeledFrames(count: count) { index in
            LabeledFrame(
                name: "\(index)", image: RGBImage(width: 4, height: 1, pixels: [UInt8](repeating: UInt8(index), count: 12)), labels: labels)
        }
    }

    @Test func measuresBothAgainstTheLabels() throws {
        var comparer = comparer(int8Classes: [0, 0, 0, 1])
        let result = try comparer.run(frames(3, labels: [0, 0, 1, 1]))
        #expect(result.float.mIoU == 100)
        #expect(result.float.perClassIoU == [100, 100])
        #expect(result.int8.perClassIoU == [100 * (2.0 / 3), 50])
        #expect(result.int8.pixelAccuracy == 75)
        #expect(result.int8.boundaryIoU == result.int8.mIoU)
        #expect(result.argmaxAgreement == 75)
        #expect(result.frames == (0..<3).map { Comparison.Frame(name: "\($0)", pixels: 4, flippedPixels: 1) })
    }

    @Test func agreementNeedsNoLabels() throws {
        var comparer = comparer(int8Classes: [1, 0, 1, 1])
        let result = try comparer.run(frames(2, labels: nil))
        #expect(result.argmaxAgreement == 75)
        #expect(result.float.mIoU == nil)
        #expect(result.int8.boundaryIoU == nil)
        #expect(result.int8.perClassIoU == [nil, nil])
    }

    @Test func theMedianTimeAndTheMemoryAreTheNetworksOwn() throws {
        var comparer = comparer(int8Classes: [0, 0, 1, 1])
        let result = try comparer.run(frames(4, labels: nil))
        #expect(result.float.medianMs == 32.5)
        #expect(result.int8.medianMs == 12.5)
        #expect(result.float.peakBytes == 4000)
        #expect(result.int8.peakBytes == 1000)
    }

    @Test func layersAreComparedWhereInt8ShowsThem() throws {
        var comparer = comparer(int8Classes: [0, 0, 1, 1])
        let result = try comparer.run(frames(1, labels: nil))
        #expect(result.layers.map(\.name) == ["pool"])
        #expect(abs(result.layers[0].sqnrDb - 20) < 1e-4)
    }

    @Test func layersAreComparedOnAFewEvenlySpacedFrames() throws {
        let inspected = Inspected()
        var comparer = Comparer(
            float: FakeFloat(classes: [0, 0, 1, 1]), int8: FakeInt8(classes: [0, 0, 1, 1], inspected: inspected), graph: graph,
            classNames: ["a", "b"], inspectedFrames: 2)
        _ = try comparer.run(frames(10, labels: nil))
        #expect(inspected.frames == [0, 5])
    }

    @Test func floatsValuesAreObservedWhereLayersAreCompared() throws {
        var comparer = Comparer(
            float: FakeFloat(classes: [0, 0, 1, 1]), int8: FakeInt8(classes: [0, 0, 1, 1]), graph: graph, classNames: ["a", "b"],
            inspectedFrames: 2)
        var seen: [[Float]] = []
        _ = try comparer.run(frames(10, labels: nil), observe: { node, values in if node == 1 { seen.append(Array(values)) } })
        #expect(seen == [[10, -10], [10, -10]])
    }

    @Test func everyFrameIsVisitedInOrder() throws {
        var comparer = comparer(int8Classes: [0, 0, 0, 1])
        var seen: [Int] = []
        _ = try comparer.run(frames(4, labels: nil)) { seen.append($0.index) }
        #expect(seen == [0, 1, 2, 3])
    }

    @Test func refusesLabelsOfAnotherSize() {
        var comparer = comparer(int8Classes: [0, 0, 1, 1])
        #expect(throws: CompareError.labelCount(frame: "0", found: 2, expected: 4)) { try comparer.run(frames(1, labels: [0, 1])) }
    }

    @Test func refusesMapsOfDifferentSizes() {
        var comparer = comparer(int8Classes: [0, 0])
        #expect(throws: CompareError.mapSizes(frame: "0", float: "4x1", int8: "2x1")) { try comparer.run(frames(1, labels: nil)) }
    }

    @Test func refusesAnEmptyDataSet() {
        var comparer = comparer(int8Classes: [0, 0, 1, 1])
        #expect(throws: CompareError.noFrames) { try comparer.run(frames(0, labels: nil)) }
    }

    @Test func evenlySpacedIndicesRoundDown() {
        #expect(evenlySpacedIndices(3, of: 10) == [0, 3, 6])
        #expect(evenlySpacedIndices(32, of: 367).prefix(4) == [0, 11, 22, 34])
        #expect(evenlySpacedIndices(5, of: 2) == [0, 1])
        #expect(evenlySpacedIndices(5, of: 0).isEmpty)
    }
}

/// Always the same map, in 30, 900, 32, 33 … milliseconds; its one layer gives 10 and −10.
private struct FakeFloat: FloatSegmenter {
    let classes: [UInt8]
    let peakBytes = 4000

    mutating func segment(_ image: RGBImage) throws -> TimedClassMap {
        let time = Duration.milliseconds(image.pixels[0] == 1 ? 900 : 30 + Int(image.pixels[0]))
        return TimedClassMap(map: ClassMap(width: classes.count, height: 1, classes: classes), time: time)
    }

    mutating func inspect(_ image: RGBImage, visit: (Int, UnsafeBufferPointer<Float>) -> Void) throws {
        [Float(1), 2].withUnsafeBufferPointer { visit(0, $0) }
        [Float(10), -10].withUnsafeBufferPointer { visit(1, $0) }
    }
}

/// Always the same map; its one layer gives 9 and −9.
private struct FakeInt8: QuantizedSegmenter {
    let classes: [UInt8]
    var inspected: Inspected?
    let peakBytes = 1000

    mutating func segment(_ image: RGBImage) throws -> TimedClassMap {
        TimedClassMap(map: ClassMap(width: classes.count, height: 1, classes: classes), time: .microseconds(12_500))
    }

    mutating func inspect(_ image: RGBImage) throws -> (Int) -> [Float] {
        inspected?.frames.append(Int(image.pixels[0]))
        return { $0 == 1 ? [9, -9] : [] }
    }
}

private final class Inspected {
    var frames: [Int] = []
}
