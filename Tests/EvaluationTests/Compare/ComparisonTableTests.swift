import Testing

@testable import Evaluation

struct ComparisonTableTests {
    @Test func columnsAreAligned() {
        let expected = """
                                 float       int8      difference
            mIoU               72.00 %    71.75 %           -0.25
            pixel accuracy     72.00 %    71.75 %           -0.25
            boundary IoU       72.00 %    71.75 %           -0.25
            latency, median    30.0 ms    10.0 ms    3.00× faster
            peak memory        40.0 MB    10.0 MB   4.00× smaller
            IoU per class
              sky              72.00 %    71.75 %           -0.25
            argmax agreement             99.500 %
            lowest SQNR
              head                        15.3 dB
              stem                        40.0 dB

            """
        #expect(Comparison.sample().table() == expected)
    }

    @Test func withoutLabelsOnlyCostAndAgreementRemain() {
        let table = Comparison.sample(float: nil, int8: nil).table()
        #expect(!table.contains("IoU"))
        #expect(table.contains("argmax agreement"))
        #expect(table.contains("3.00× faster"))
    }

    @Test func namesCannotCommandTheTerminal() {
        let table = Comparison.sample(classNames: ["\u{1B}[2Jsky", "road"]).table()
        #expect(!table.contains("\u{1B}"))
        #expect(table.contains("?[2Jsky"))
    }

    @Test func theNoisiestLayersComeFirst() {
        let layers = (0..<9).map { Comparison.Layer(name: "layer\($0)", sqnrDb: $0 == 8 ? .nan : Double(20 - $0)) }
        let table = Comparison.sample(layers: layers).table(noisiestLayers: 2)
        #expect(table.contains("layer7"))
        #expect(table.contains("layer6"))
        #expect(!table.contains("layer5"))
        #expect(!table.contains("layer8"))
    }
}
