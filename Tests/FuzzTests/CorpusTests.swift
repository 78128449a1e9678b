import Foundation
import FuzzTargets
import Testing

/// What `make fuzz` has found and kept, and what each target begins with, shows nothing wrong.
@Suite struct CorpusTests {
    static let names = FuzzTarget.all.map(\.name)
    private static let corpora = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Fuzz/Corpora")

    @Test(arguments: names) func corpusShowsNothing(name: String) throws {
        let target = try #require(FuzzTarget.all.first { $0.name == name }), folder = Self.corpora.appendingPathComponent(name)
        for file in try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() {
            let bytes = Array(try Data(contentsOf: folder.appendingPathComponent(file)))
            #expect(throws: Never.self, "\(name)/\(file)") { try target.run(bytes) }
        }
        for (index, seed) in try target.seeds().enumerated() {
            #expect(throws: Never.self, "seed \(index) of \(name)") { try target.run(seed) }
        }
    }

    /// A corpus without a target is one that nobody replays.
    @Test func everyCorpusHasItsTarget() throws {
        let folders = try FileManager.default.contentsOfDirectory(atPath: Self.corpora.path)
        #expect(folders.sorted() == Self.names.sorted())
    }
}
