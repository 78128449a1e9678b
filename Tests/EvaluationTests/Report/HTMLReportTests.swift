import ESegRuntime
import Testing

@testable import Evaluation

struct HTMLReportTests {
    private let hostile = "<img src=x onerror=\"alert('1')\">&"
    private let escaped = "&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt;&amp;"
    private let pictures = PictureEncoder(jpeg: { _ in Array("photo".utf8) }, png: { _ in Array("map".utf8) })

    private func page(
        _ comparison: Comparison, frames: [ComparedFrame] = [], model: String = "net.eseg", network: ReportedNetwork? = nil
    ) throws -> String {
        var gallery = FrameGallery(worst: 2, evenlySpaced: 0, of: frames.count)
        for frame in frames { gallery.offer(frame) }
        let context = ReportContext(
            floatModel: "net.safetensors", int8Model: model, dataset: "val", settings: [.init(name: "threads", value: "2")],
            colors: [Color(255, 0, 10), Color(0, 0, 0)])
        let report = HTMLReport(comparison, context: context, gallery: gallery, network: network)
        return String(decoding: try report.page(pictures: pictures), as: UTF8.self)
    }

    @Test(arguments: [
        (72.0, 71.75, "int8 costs 0.25 points of mIoU"),
        (72.0, 72.0, "int8 costs nothing: its mIoU is float's"),
        (72.0, 72.5, "int8 costs nothing: its mIoU is 0.50 points above float's"),
    ]) func theHeadlineSaysWhatInt8Costs(float: Double, int8: Double, headline: String) {
        #expect(Headline(.sample(float: float, int8: int8)).text == headline)
    }

    @Test func withoutLabelsTheHeadlineSaysHowManyPixelsAgree() {
        #expect(Headline(.sample(float: nil, int8: nil)).text == "int8 keeps the class of 99.50 % of pixels")
    }

    @Test func thePageLeadsToEachOfItsSections() throws {
        let int8 = try tinyInt8().int8
        var distributions = LayerDistributions(of: int8)
        [Float(1)].withUnsafeBufferPointer { distributions.add(1, $0) }
        var comparison = Comparison.sample()
        comparison.before = [.init(name: "plain.eseg", techniques: "", argmaxAgreement: 98, mIoU: 70, meanSqnrDb: 20)]
        let page = try page(
            comparison, frames: [.sample(index: 0, flips: 3)], network: ReportedNetwork(int8, distributions: distributions))
        for id in ["before", "network", "flips", "frames", "layers", "ranges"] {
            #expect(page.contains("<a href=\"#\(id)\">") && page.contains("<section class=\"wide\" id=\"\(id)\">"), "\(id)")
        }
        #expect(page.contains("<a href=\"#frame-0\">a.png</a>") && page.contains("id=\"frame-0\""))
    }

    @Test func whatIsNotKnownIsNotInThePage() throws {
        let page = try page(.sample(layers: []))
        for id in ["before", "network", "frames", "layers", "ranges"] {
            #expect(!page.contains("#\(id)\"") && !page.contains("id=\"\(id)\""))
        }
    }

    @Test func picturesAreInThePage() throws {
        let page = try page(.sample(), frames: [.sample(index: 0, flips: 3)])
        #expect(page.contains("src=\"data:image/jpeg;base64,cGhvdG8=\""))
        #expect(page.contains("src=\"data:image/png;base64,bWFw\""))
        #expect(page.contains("3 pixels flipped, 37.50 %"))
    }

    @Test func thePageNeedsNoOtherFile() throws {
        let page = try page(.sample(), frames: [.sample(index: 0, flips: 3)])
        for reference in ["http:", "https:", "<link", "@import", "url(", "src=\"/", "src=\"."] {
            #expect(!page.contains(reference), "\(reference)")
        }
    }

    @Test func namesFromFilesAreEscaped() throws {
        let page = try page(
            .sample(layers: [.init(name: hostile, sqnrDb: 3)], classNames: [hostile, hostile]),
            frames: [.sample(index: 0, flips: 1, name: hostile)], model: hostile)
        #expect(!page.contains("<img src=x"))
        #expect(page.contains("<code>\(escaped)</code>"))
        #expect(page.contains("<h3>\(escaped) <span>"))
        #expect(page.contains("<b>\(escaped)</b>"))
        #expect(page.contains("alt=\"\(escaped): float\""))
    }

    @Test func classesShowTheirColorAndBothBars() throws {
        let page = try page(.sample())
        #expect(page.contains("background:#ff000a"))
        #expect(page.contains("width:72.00%"))
        #expect(page.contains("width:71.75%"))
        #expect(page.contains("not in the labels"))
    }

    @Test func layersAreRankedByNoise() throws {
        let page = try page(.sample(layers: (0..<20).map { .init(name: "layer\($0).", sqnrDb: 60 - Double($0)) }))
        let positions = try [19, 18, 5, 4].map { try #require(page.firstRange(of: "<code>layer\($0).</code>")).lowerBound }
        #expect(positions == positions.sorted())
        #expect(page.contains("5 more layers"))
    }

    @Test func layersThatCannotBeMeasuredDoNotBreakThePage() throws {
        let page = try page(.sample(layers: [.init(name: "a", sqnrDb: .infinity), .init(name: "b", sqnrDb: .nan)]))
        #expect(page.contains("<b>exact</b>"))
        #expect(page.contains("<b>– dB</b>"))
        #expect(!page.contains("nan"))
        #expect(!page.contains("inf"))
    }

    @Test func aPictureThatCannotBeEncodedIsAnError() throws {
        struct Full: Error {}
        var gallery = FrameGallery(of: 1)
        gallery.offer(try .sample(index: 0, flips: 0))
        let context = ReportContext(floatModel: "", int8Model: "", dataset: "", settings: [], colors: [])
        let failing = PictureEncoder(jpeg: { _ in throw Full() }, png: { _ in [] })
        #expect(throws: Full.self) { try HTMLReport(.sample(), context: context, gallery: gallery).page(pictures: failing) }
    }
}
