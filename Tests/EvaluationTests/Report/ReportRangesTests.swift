import ESegNetwork
import Testing

@testable import Evaluation

struct ReportRangesTests {
    private func section(values: [Float], layers: [Comparison.Layer], renaming: String? = nil) throws -> RangesSection {
        var (_, int8) = try tinyInt8()
        int8.outputs[1] = Quantization(scale: 0.01, zeroPoint: 0)
        if let renaming { int8.graph.nodes[1].name = renaming }
        var distributions = LayerDistributions(of: int8)
        for node in int8.graph.nodes.indices { values.withUnsafeBufferPointer { distributions.add(node, $0) } }
        return RangesSection(try ReportedNetwork(int8, distributions: distributions), noisiestFirst: layers)
    }

    @Test func aLayerShowsItsRangeAndWhatIsClipped() throws {
        let html = try section(values: [0, 1, 2, 3], layers: [.init(name: "stem", sqnrDb: 12)]).html.markup
        #expect(html.contains("<code>stem</code> <span>12.0 dB</span>"))
        #expect(html.contains("uint8 from 0 to 2.55, step 0.0100"))
        #expect(html.contains("0.000 % clipped below, 25.000 % above"))
    }

    @Test func layersInWhichNothingIsClippedSaySo() throws {
        #expect(try section(values: [0, 1], layers: [.init(name: "stem", sqnrDb: 12)]).html.markup.contains("nothing clipped"))
    }

    @Test func onlyTheNoisiestMeasuredLayersAreShown() throws {
        let names = try tinyInt8().int8.graph.nodes.dropFirst().map(\.name)
        let layers = names.map { Comparison.Layer(name: $0, sqnrDb: $0 == names[1] ? .nan : 20) }
        let html = try section(values: [0, 1], layers: layers).html.markup
        #expect(html.contains("<code>\(names[0])</code>") && !html.contains("<code>\(names[1])</code>"))
        #expect(!html.contains("nan"))
        #expect(try section(values: [], layers: layers).html == "")
    }

    @Test func namesAreEscaped() throws {
        let html = try section(values: [1], layers: [.init(name: "<b>", sqnrDb: 1)], renaming: "<b>").html.markup
        #expect(html.contains("<code>&lt;b&gt;</code>"))
    }

    @Test func thePlotSpansValuesAndRange() {
        var distribution = LayerDistribution(codes: Quantization(scale: 0.01, zeroPoint: 0))
        [Float(-1), 0.5, 0.5, 5].withUnsafeBufferPointer { distribution.add($0) }
        let plot = HistogramPlot(distribution)
        #expect(plot.axis == -1...5)
        #expect(plot.counts.reduce(0, +) == 4)
        #expect(plot.counts.first == 1 && plot.counts.last == 1 && plot.counts.max() == 2)
    }

    @Test func int16CodesDoNotWidenThePlot() {
        var distribution = LayerDistribution(codes: Quantization(scale: 0.01, zeroPoint: 0, precision: .int16))
        [Float(-1), 5].withUnsafeBufferPointer { distribution.add($0) }
        #expect(HistogramPlot(distribution).axis == -1...5)
    }

    @Test func aPlotOfZerosAloneIsNoError() {
        var distribution = LayerDistribution(codes: Quantization(scale: 0.01, zeroPoint: 0, precision: .int16))
        [Float(0), 0].withUnsafeBufferPointer { distribution.add($0) }
        let markup = HistogramPlot(distribution).svg.markup
        #expect(!markup.contains("nan") && !markup.contains("–"))
    }
}
