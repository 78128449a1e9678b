import Foundation
import Testing

@testable import Evaluation

struct ComparisonBeforeTests {
    private let plain = Comparison.Before(
        name: "<plain>.eseg", techniques: "", argmaxAgreement: 98.5, mIoU: 70, meanSqnrDb: 20.04)

    private func sample(float: Double? = 72, int8: Double? = 71.75) -> Comparison {
        var comparison = Comparison.sample(float: float, int8: int8)
        comparison.before = [plain]
        return comparison
    }

    @Test func theMeanLeavesOutLayersThatHaveNone() {
        let layers = [40, .infinity, .nan, 15].map { Comparison.Layer(name: "\($0)", sqnrDb: $0) }
        #expect(Comparison.sample(layers: layers).meanSqnrDb == 27.5)
        #expect(Comparison.sample(layers: []).meanSqnrDb == nil)
    }

    @Test func aComparisonCanBeHeldAgainstAnother() {
        let expected = Comparison.Before(
            name: "net.eseg", techniques: "fitting", argmaxAgreement: 99.5, mIoU: 71.75, meanSqnrDb: (40 + 15.25) / 2)
        #expect(Comparison.sample().asBefore(name: "net.eseg", techniques: "fitting") == expected)
    }

    @Test func theTableEndsWithAllNetworks() {
        let table = sample().table()
        #expect(
            table.hasSuffix(
                """
                before and after   agreement       mIoU       mean SQNR
                  <plain>.eseg      98.500 %    70.00 %         20.0 dB
                  this network      99.500 %    71.75 %         27.6 dB

                """))
    }

    @Test func withoutOthersTheTableAndThePageSayNothing() {
        #expect(!Comparison.sample().table().contains("before"))
        #expect(BeforeSection(.sample(), name: "net.eseg", techniques: "").html == "")
    }

    @Test func thePageShowsAllNetworksAndTheirTechniques() {
        let html = BeforeSection(sample(), name: "net.eseg", techniques: "equalization <fitting>").html.markup
        #expect(html.contains("<th>&lt;plain&gt;.eseg<small></small></th>"))
        #expect(html.contains("<tr class=\"this\"><th>net.eseg<small>equalization &lt;fitting&gt;</small></th>"))
        #expect(html.contains("width:100.0%") && html.contains("width:33.3%"))
        #expect(html.contains("<td>70.00 %</td>") && html.contains("<td>27.6 dB</td>"))
    }

    @Test func withoutLabelsThePageHasNoColumnForMIoU() {
        #expect(!BeforeSection(sample(float: nil, int8: nil), name: "net.eseg", techniques: "").html.markup.contains("mIoU"))
    }

    @Test func theJSONHasThemAsAList() throws {
        let object = try JSONSerialization.jsonObject(with: Data(sample().json())) as? [String: Any]
        let before = try #require(object?["before"] as? [[String: Any]])
        #expect(before.map { $0["name"] as? String } == ["<plain>.eseg"])
        #expect(Set(before[0].keys) == ["name", "techniques", "argmaxAgreement", "mIoU", "meanSqnrDb"])
        #expect(object?["meanSqnrDb"] as? Double == 27.625)
    }
}
