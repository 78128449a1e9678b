import FoundationEssentials
import Texts

/// The report's frames, each with both maps and the flipped pixels.
struct FramesSection {
    private let exhibits: [FrameGallery.Exhibit]
    private let comparison: Comparison
    private let context: ReportContext

    init(exhibits: [FrameGallery.Exhibit], comparison: Comparison, context: ReportContext) {
        self.exhibits = exhibits
        self.comparison = comparison
        self.context = context
    }

    func html(pictures: PictureEncoder) throws -> HTML {
        guard !exhibits.isEmpty else { return "" }
        let cards = try exhibits.map { try card($0, pictures: pictures) }
        return """
            <section class="wide" id="frames">
            <h2>Frames</h2>
            <p class="note">\(exhibits.count) of \(comparison.frames.count), the greatest share of flipped pixels first. Select a \
            picture to enlarge it; arrow keys, or a tap on its left or right half, leaf through the four.</p>
            <input type="radio" name="show" id="show-all" checked><label for="show-all">All</label>
            <input type="radio" name="show" id="show-worst"><label for="show-worst">Most flipped</label>
            <input type="radio" name="show" id="show-even"><label for="show-even">Evenly spaced</label>
            <p class="legend">\(flipLegend)</p>
            <p class="legend">\(classLegend)</p>
            \(cards)
            </section>
            <dialog id="viewer"><img alt=""><p></p></dialog>
            """
    }

    private func card(_ exhibit: FrameGallery.Exhibit, pictures: PictureEncoder) throws -> HTML {
        let frame = exhibit.compared
        let drawn = FramePictures(frame, colors: context.colors)
        let figures: [HTML] = [
            figure("frame", frame, uri: dataURI("image/jpeg", try pictures.jpeg(drawn.frame))),
            figure("float", frame, uri: dataURI("image/png", try pictures.png(drawn.float))),
            figure("int8", frame, uri: dataURI("image/png", try pictures.png(drawn.int8))),
            figure("flipped pixels", frame, uri: dataURI("image/png", try pictures.png(drawn.flips))),
        ]
        let share = 100 * frame.flippedShare
        let kinds = [exhibit.isWorst ? "worst" : "", exhibit.isEvenlySpaced ? "even" : ""].filter { !$0.isEmpty }.joined(separator: " ")
        return """
            <article class="card \(kinds)" id="frame-\(frame.index)">
            <h3>\(frame.frame.name) <span>\(frame.flippedPixels) pixels flipped, \(share.text(decimals: 2)) %\(decided(frame))</span></h3>
            <div class="pictures">\(figures)</div>
            </article>

            """
    }

    /// How many of the flips hurt and how many help, where labels tell.
    private func decided(_ frame: ComparedFrame) -> String {
        guard frame.frame.labels != nil else { return "" }
        let counts = frame.flipCounts
        return ": only float right \(counts[.lost, default: 0]), only int8 right \(counts[.gained, default: 0])"
    }

    private func figure(_ caption: String, _ frame: ComparedFrame, uri: HTML) -> HTML {
        """
        <figure><a href="#viewer"><img src="\(uri)" alt="\(frame.frame.name): \(caption)" width="\(frame.float.width)" \
        height="\(frame.float.height)" loading="lazy"></a><figcaption>\(caption)</figcaption></figure>

        """
    }

    private func dataURI(_ type: String, _ bytes: [UInt8]) -> HTML {
        "data:\(type);base64,\(Data(bytes).base64EncodedString())"
    }

    private var flipLegend: [HTML] {
        let labeled = exhibits.contains { $0.compared.frame.labels != nil }
        let kinds = labeled ? FlipKind.allCases : [.undecided]
        return kinds.map { key($0.color, $0.meaning(labeled: labeled)) }
    }

    private var classLegend: [HTML] {
        comparison.classNames.enumerated().map { key(context.colors.color(of: UInt8(truncatingIfNeeded: $0)), $1) }
    }

    private func key(_ color: Color, _ meaning: String) -> HTML {
        "<span><i class=\"swatch\" style=\"background:\(color.css)\"></i>\(meaning)</span>\n"
    }
}
