import ESegNetwork
import ESegRuntime
import FoundationEssentials
import Quantization
import TestSupport
import Testing

@testable import Evaluation

struct ComparisonPartTests {
    private let folder: TemporaryFolder
    private let names = ["a \"quoted\" name", "b", "c", "d", "e"]

    init() throws { folder = try TemporaryFolder() }

    /// Counts of frames that flip as many pixels as their index says.
    private func tally(_ frames: [Int]) throws -> ComparisonTally {
        var tally = ComparisonTally(classNames: ["sky", "road"], layerNames: ["image", "stem", "head"])
        for frame in frames {
            let doubt = (0..<8).map { UInt8($0 < frame + 1 ? 200 : 100) }
            let compared = try ComparedFrame.sample(
                index: frame, flips: frame, name: names[frame], labels: [0, 0, 0, 0, 1, 1, 1, 255], doubt: doubt)
            tally.add(compared, floatTime: .milliseconds(10 + frame), int8Time: .milliseconds(3 + frame))
            let ratio = SignalToNoise(signal: 0.1 * Double(frame + 1), noise: 0.0001 / Double(frame + 3))
            if frame % 2 == 0 { tally.add(InspectedFrame(index: frame, layers: [SignalToNoise(), ratio, ratio])) }
        }
        tally.note(floatBytes: 4000 + frames.count, int8Bytes: 1000)
        return tally
    }

    /// A part, with other counts if they are given.
    private func part(_ text: String, model: String = "m", isa: String = "scalar", _ other: ComparisonTally? = nil) throws -> ComparisonPart
    {
        let shard = try #require(Shard(text))
        return ComparisonPart(
            of: tinyNetwork(activation: .relu), model: model, isa: isa, size: "32x32", frameNames: names, shard: shard,
            names: .init(weights: "w", model: "m", dataset: "d"), threads: shard.index,
            tally: try other ?? tally(shard.frames(of: names.count)))
    }

    @Test func partsInAnyOrderAreTheWhole() throws {
        let whole = try tally(Array(0..<5)).comparison
        for order in [[1, 2, 3], [3, 1, 2]] {
            var merged = try part("\(order[0])/3")
            for index in order.dropFirst() {
                let path = folder.path + "/\(index)"
                try part("\(index)/3").write(to: path)
                try merged.merge(ComparisonPart(contentsOf: path), from: path, with: "first")
            }
            var comparison = merged.tally.comparison
            comparison.float.peakBytes = whole.float.peakBytes
            #expect(comparison == whole)
            #expect(merged.threads == [1, 2, 3] && merged.tally.comparison.float.peakBytes == 4002)
            try merged.write(to: folder.path + "/all")
            #expect(try ComparisonPart(contentsOf: folder.path + "/all") == merged)
        }
    }

    @Test func partsOfOtherRunsAreRefused() throws {
        for (field, second) in [
            ("model", try part("2/2", model: "n")), ("isa", try part("2/2", isa: "avx2")), ("shard_count", try part("2/3")),
            ("shards", try part("1/2")),
        ] {
            var merged = try part("1/2")
            do throws(NetworkError) {
                try merged.merge(second, from: "b", with: "a")
                Issue.record("merged another \(field)")
            } catch { #expect(error.file == "b" && error.field == field, "\(error)") }
        }
    }

    @Test func theFirstNameThatDiffersIsTold() throws {
        var merged = try part("1/2")
        let second = try part("2/2", ComparisonTally(classNames: ["sky", "street"], layerNames: ["image", "stem", "head"]))
        do throws(NetworkError) {
            try merged.merge(second, from: "b", with: "a")
            Issue.record("merged other classes")
        } catch { #expect(error.description == "b: class 1: found street, expected road, as in a") }
    }

    @Test func peaksUpTo2ToThe50AreRead() throws {
        for (bytes, isRead) in [(1 << 50, true), ((1 << 50) + 1, false)] {
            var tally = try tally([0, 2, 4])
            tally.note(floatBytes: bytes, int8Bytes: 0)
            let large = try part("1/2", tally)
            try large.write(to: folder.path + "/large")
            let read = Result { () throws(NetworkError) in try ComparisonPart(contentsOf: folder.path + "/large") }
            #expect((try? read.get()) == (isRead ? large : nil), "\(bytes)")
        }
    }

    @Test func aFrameThatIsInspectedTwiceIsRefused() throws {
        var tally = try tally([0, 2, 4])
        tally.add(InspectedFrame(index: 4, layers: [SignalToNoise(), SignalToNoise(), SignalToNoise()]))
        try part("1/2", tally).write(to: folder.path + "/twice")
        #expect(throws: NetworkError.self) { try ComparisonPart(contentsOf: folder.path + "/twice") }
    }

    /// Of 8 pixels, 2 of which flip.
    @Test(arguments: [(2, 2, true), (8, 2, true), (6, 0, true), (9, 2, false), (7, 0, false), (2, 3, false), (1, 2, false), (-1, 0, false)])
    func doubtThatCannotBeIsRefused(pixels: Int, flips: Int, isRead: Bool) throws {
        let whole = try tally([0, 2, 4])
        let frames = whole.frames.map { frame in
            let summary = Comparison.Frame(
                name: frame.summary.name, pixels: 8, flippedPixels: 2, doubt: Comparison.Doubt(pixels: pixels, flips: flips))
            return TalliedFrame(index: frame.index, summary: summary, floatMs: 1, int8Ms: 1)
        }
        let changed = ComparisonTally(
            classNames: whole.classNames, layerNames: whole.layerNames, float: whole.float, int8: whole.int8, labels: whole.labels,
            frames: frames, inspected: whole.inspected)
        try part("1/2", changed).write(to: folder.path + "/doubt")
        let read = Result { () throws(NetworkError) in try ComparisonPart(contentsOf: folder.path + "/doubt") }
        switch read {
        case .success(let part): #expect(isRead && part.tally == changed)
        case .failure(let error): #expect(!isRead && error.field.contains("frame.doubt"), "\(error)")
        }
    }

    @Test func damagedFilesAreRefused() throws {
        try part("1/2").write(to: folder.path + "/part")
        let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: folder.path + "/part")))
        var random = SplitMix(seed: 4)
        for _ in 0..<60 {
            let position = Int(random.next() % UInt64(bytes.count))
            var changed = bytes
            changed[position] ^= 1 << UInt8(random.next() % 8)
            for damaged in [changed, Array(bytes.prefix(position))] {
                try folder.write(damaged, to: "damaged")
                #expect(throws: NetworkError.self) { try ComparisonPart(contentsOf: folder.path + "/damaged") }
            }
        }
    }

    /// Values that do not go together are refused or harmless, even where the checksum is right.
    @Test func forgedFilesDoNoHarm() throws {
        let path = folder.path + "/part", original = try part("1/2")
        try original.write(to: path)
        var random = SplitMix(seed: 5)
        for _ in 0..<200 {
            let forged = try forge(path, as: ComparisonPart.sealed, &random)
            guard let part = try? ComparisonPart(contentsOf: forged) else { continue }
            var merged = original
            _ = try? merged.merge(part, from: forged, with: path)
            merged = try self.part("2/2")
            _ = try? merged.merge(part, from: forged, with: path)
        }
    }
}
