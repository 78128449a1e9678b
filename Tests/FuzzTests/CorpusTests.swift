import Foundation
import FuzzTargets
import Testing

@testable import ESegNetwork

/// What `make fuzz` has found and kept, and what each target begins with, shows nothing wrong; what is made of it is as it was.
///
/// `Outcomes` tells that of each input. Where it changes on purpose, `ESEG_WRITE_OUTCOMES=1` with these tests writes it anew.
@Suite struct CorpusTests {
    static let names = FuzzTarget.all.map(\.name)
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Fuzz")
    private static let corpora = folder.appendingPathComponent("Corpora")
    private static let longest = 120

    @Test(arguments: names) func corpusGivesWhatItGave(name: String) throws {
        let target = try #require(FuzzTarget.all.first { $0.name == name }), inputs = Self.corpora.appendingPathComponent(name)
        var outcomes: [String] = []
        for file in try FileManager.default.contentsOfDirectory(atPath: inputs.path).sorted() {
            let bytes = Array(try Data(contentsOf: inputs.appendingPathComponent(file)))
            #expect(throws: Never.self, "\(name)/\(file)") { outcomes.append("\(file): \(Self.line(try target.run(bytes)))") }
        }
        let record = Self.folder.appendingPathComponent("Outcomes/\(name)")
        if ProcessInfo.processInfo.environment["ESEG_WRITE_OUTCOMES"] != nil {
            try Data((outcomes.joined(separator: "\n") + "\n").utf8).write(to: record)
        }
        let expected = try String(contentsOf: record, encoding: .utf8).split(separator: "\n").map(String.init)
        #expect(outcomes.count == expected.count)
        for (found, expected) in zip(outcomes, expected) { #expect(found == expected) }
    }

    @Test(arguments: names) func seedsShowNothing(name: String) throws {
        let target = try #require(FuzzTarget.all.first { $0.name == name })
        for (index, seed) in try target.seeds().enumerated() {
            #expect(throws: Never.self, "seed \(index) of \(name)") { _ = try target.run(seed) }
        }
    }

    /// A target's own changes leave an input of its kind, the same for the same seed, and show nothing; few change nothing.
    @Test func changedModelsShowNothing() throws {
        let target = try #require(FuzzTarget.all.first { $0.name == "onnx" }), seeds = try target.seeds(), count = 150
        var unchanged = 0
        for seed in 0..<count {
            let first = seeds[seed % seeds.count], second = seeds[seed * 7 % seeds.count]
            let changed = try #require(target.mutated(first, second, UInt64(seed)))
            #expect(changed == target.mutated(first, second, UInt64(seed)))
            unchanged += changed == first ? 1 : 0
            #expect(try !target.run(changed).contains("protobuf"), "seed \(seed)")
        }
        #expect(unchanged < count / 10)
        #expect(target.mutated([1, 2, 3], seeds[0], 0) == nil)
    }

    /// A corpus without a target is one that nobody replays.
    @Test func everyCorpusHasItsTarget() throws {
        let folders = try FileManager.default.contentsOfDirectory(atPath: Self.corpora.path)
        #expect(folders.sorted() == Self.names.sorted())
    }

    /// An outcome in ASCII on one line; of a long one the start and a fingerprint of all.
    private static func line(_ outcome: String) -> String {
        let text = outcome.unicodeScalars.map { $0.isASCII && $0.value >= 0x20 ? String($0) : "\\u{\(String($0.value, radix: 16))}" }
            .joined()
        guard text.utf8.count > longest else { return text }
        return "\(text.prefix(longest))... \(Fingerprint.of([text]).prefix(16))"
    }
}
