import Testing

@testable import Quantization

struct ShardTests {
    @Test(arguments: ["0/4", "5/4", "-1/4", "x/y", "1", "1/", "/2", "1/2/3", "1/0", "", "1/1000001", "1.0/2", "99999999999999999999/2"])
    func textsThatNameNoPartAreRefused(text: String) { #expect(Shard(text) == nil) }

    @Test func everyFrameIsInOnePart() throws {
        for (count, total) in [(1, 5), (3, 10), (4, 4), (5, 3)] {
            let parts = try (1...count).map { try #require(Shard("\($0)/\(count)")) }
            #expect(parts.flatMap { $0.frames(of: total) }.sorted() == Array(0..<total))
            for part in parts {
                #expect(Shards(part).frameCount(of: total) == part.frames(of: total).count)
                #expect(Shards(part).frames(of: total) == part.frames(of: total))
            }
        }
    }

    @Test func missingPartsAreNamedInRanges() throws {
        let shards = try #require(Shards(count: 9, indices: [1, 4, 5]))
        #expect(Shards.text(shards.missing) == "2-3, 6-9")
        #expect(Shards.text([1, 3, 4, 7]) == "1, 3-4, 7")
    }

    @Test(arguments: [[], [0], [4], [2, 1], [1, 1], [Int.min], [Int.max]])
    func partsThatDoNotRiseWithinTheirCountAreRefused(indices: [Int]) { #expect(Shards(count: 3, indices: indices) == nil) }
}
