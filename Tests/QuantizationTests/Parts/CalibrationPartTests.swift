import ESegNetwork
import ESegRuntime
import FoundationEssentials
import TestSupport
import Testing

@testable import Quantization

struct CalibrationPartTests {
    private let folder: TemporaryFolder
    private let network = tinyNetwork(activation: .silu)
    private let names = (0..<5).map { "\($0).png" }

    init() throws { folder = try TemporaryFolder() }

    private func statistics(_ frames: [Int], threads: Int = 1) throws -> CalibrationStatistics {
        var calibrator = try Calibrator(network: network, height: 40, width: 40, threads: threads)
        for frame in frames { try calibrator.add(image: randomImage(height: 40, width: 40, seed: UInt64(frame))) }
        return try calibrator.finish()
    }

    private func part(
        _ text: String, of network: FloatNetwork? = nil, isa: String = "scalar", names: [String]? = nil
    ) throws -> CalibrationPart {
        let shard = try #require(Shard(text)), names = names ?? self.names
        return CalibrationPart(
            of: network ?? self.network, isa: isa, frameNames: names, shard: shard,
            statistics: try statistics(shard.frames(of: names.count)))
    }

    @Test func partsInAnyOrderAreTheWhole() throws {
        let whole = try statistics(Array(0..<5), threads: 3)
        for order in [[1, 2, 3], [3, 1, 2], [2, 3, 1]] {
            var merged = try part("\(order[0])/3")
            for index in order.dropFirst() {
                let path = folder.path + "/\(index).stats"
                try part("\(index)/3").write(to: path)
                try merged.merge(CalibrationPart(contentsOf: path), from: path, with: "first")
            }
            #expect(merged.statistics == whole)
            try merged.header.requireAll(file: "merged")
            let path = folder.path + "/all.stats"
            try merged.write(to: path)
            #expect(try CalibrationPart(contentsOf: path) == merged)
        }
    }

    @Test func missingPartsAreNamed() throws {
        var merged = try part("4/5")
        try merged.merge(part("1/5"), from: "b", with: "a")
        #expect(merged.header.summary == "2 of 5 parts, 2 of 5 frames; missing 2-3, 5")
        let error = NetworkError(file: "a", field: "shards", found: "2 of 5, without 2-3, 5", expected: "all 5")
        #expect(throws: error) { try merged.header.requireAll(file: "a") }
    }

    @Test func partsOfOtherRunsAreRefused() throws {
        let first = try part("1/2")
        var other = network
        other.parameters["head.bias"]?.values[0] += 1
        for (field, second) in [
            ("network", try part("2/2", of: other)), ("isa", try part("2/2", isa: "avx2")), ("shard_count", try part("2/3")),
            ("frame_names", try part("2/2", names: ["a", "b", "c", "d", "e"])), ("shards", try part("1/2")),
        ] {
            var merged = first
            do {
                try merged.merge(second, from: "b", with: "a")
                Issue.record("merged another \(field)")
            } catch let error as NetworkError { #expect(error.file == "b" && error.field == field, "\(error)") }
            #expect(merged == first)
        }
    }

    /// Cut anywhere, and with any byte changed, a file is refused.
    @Test func damagedFilesAreRefused() throws {
        let path = folder.path + "/part.stats"
        try part("1/2").write(to: path)
        let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: path)))
        var random = SplitMix(seed: 3)
        for _ in 0..<40 {
            let position = Int(random.next() % UInt64(bytes.count))
            var changed = bytes
            changed[position] ^= 1 << UInt8(random.next() % 8)
            for damaged in [changed, Array(bytes.prefix(position))] {
                try folder.write(damaged, to: "damaged.stats")
                #expect(throws: NetworkError.self) { try CalibrationPart(contentsOf: folder.path + "/damaged.stats") }
            }
        }
    }

    /// Values that do not go together are refused or harmless, even where the checksum is right.
    @Test func forgedFilesDoNoHarm() throws {
        let path = folder.path + "/part", original = try part("1/2")
        try original.write(to: path)
        var random = SplitMix(seed: 5)
        for _ in 0..<60 {
            let forged = try forge(path, as: CalibrationPart.sealed, &random)
            guard let part = try? CalibrationPart(contentsOf: forged) else { continue }
            var merged = original
            _ = try? merged.merge(part, from: forged, with: path)
            merged = try self.part("2/2")
            _ = try? merged.merge(part, from: forged, with: path)
        }
    }
}
