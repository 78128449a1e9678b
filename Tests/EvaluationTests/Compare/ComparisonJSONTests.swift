import Foundation
import Testing

@testable import Evaluation

struct ComparisonJSONTests {
    private func object(_ comparison: Comparison) throws -> [String: Any] {
        let object = try JSONSerialization.jsonObject(with: Data(comparison.json()))
        return try #require(object as? [String: Any])
    }

    @Test func bothSidesHaveEveryFigure() throws {
        let json = try object(.sample())
        let int8 = try #require(json["int8"] as? [String: Any])
        #expect(Set(int8.keys) == ["mIoU", "pixelAccuracy", "boundaryIoU", "perClassIoU", "medianMs", "peakBytes"])
        #expect(int8["mIoU"] as? Double == 71.75)
        #expect(int8["medianMs"] as? Double == 10)
        #expect(int8["peakBytes"] as? Int == 10_000_000)
        let float = try #require(json["float"] as? [String: Any])
        #expect(float["mIoU"] as? Double == 72)
        #expect(json["argmaxAgreement"] as? Double == 99.5)
        #expect(json["classes"] as? [String] == ["sky", "road"])
    }

    @Test func layersAreAListInTheNetworksOrder() throws {
        let layers = try #require(try object(.sample())["layers"] as? [[String: Any]])
        #expect(layers.map { $0["name"] as? String } == ["stem", "head"])
        #expect(layers.map { $0["sqnrDb"] as? Double } == [40, 15.25])
    }

    @Test func whatIsNotKnownIsNull() throws {
        let json = try object(
            .sample(float: nil, int8: .nan, layers: [.init(name: "a", sqnrDb: .infinity), .init(name: "b", sqnrDb: .nan)]))
        for side in ["float", "int8"] {
            let side = try #require(json[side] as? [String: Any])
            #expect(side["mIoU"] is NSNull)
            #expect(side["boundaryIoU"] is NSNull)
            #expect((side["perClassIoU"] as? [Any])?.allSatisfy { $0 is NSNull } == true)
        }
        let layers = try #require(json["layers"] as? [[String: Any]])
        #expect(layers.allSatisfy { $0["sqnrDb"] is NSNull })
    }

    @Test func theSameComparisonGivesTheSameBytes() throws {
        #expect(try Comparison.sample().json() == Comparison.sample().json())
        let text = String(decoding: try Comparison.sample().json(), as: UTF8.self)
        let keys = ["\"argmaxAgreement\"", "\"classes\"", "\"float\"", "\"frames\"", "\"int8\"", "\"layers\""]
        let positions = keys.compactMap { text.range(of: $0)?.lowerBound }
        #expect(positions.count == keys.count)
        #expect(positions == positions.sorted())
    }
}
