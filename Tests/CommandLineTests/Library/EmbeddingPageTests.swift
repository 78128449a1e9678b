import Foundation
import Testing

/// What docs/embedding.md shows is what `Examples/Embedding` has and the header declares.
@Suite struct EmbeddingPageTests {
    private let page: String
    private let examples: [String]
    private let header: String

    init() throws {
        func text(_ path: String) throws -> String { try String(contentsOfFile: "\(Tool.package)/\(path)", encoding: .utf8) }
        page = try text("docs/embedding.md")
        examples = try ["segment.c", "camera.cpp"].map { try text("Examples/Embedding/\($0)") }
        header = try text("Sources/CESeg/include/eseg.h")
    }

    private func unindented(_ text: some StringProtocol) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false).map { String($0.drop { $0 == " " }) }.joined(separator: "\n")
    }

    @Test func listingsAreTheExamples() {
        let listings = page.matches(of: #/```c(?:pp)?\n((?s).*?)\n```/#).map { String($0.1) }
        #expect(listings.count == 2)
        for listing in listings {
            #expect(examples.contains { unindented($0).contains(unindented(listing)) }, "\(listing.prefix(80))")
        }
        #expect(listings.first.map { $0 + "\n" } == examples.first, "the whole of segment.c")
    }

    @Test func compilationIsAsTheExamplesTell() {
        let indented = page.split(separator: "\n").filter { $0.hasPrefix("    ") }
        let commands = indented.filter { $0.contains("$(pkg-config") }.map { $0.drop { $0 == " " } }
        #expect(commands.count == 2)
        for command in commands { #expect(examples.contains { $0.contains("//     \(command)\n") }, "\(command)") }
    }

    @Test func everyStatusAndFormatIsDescribed() {
        let names = Set(header.matches(of: #/^ +(ESEG_[A-Z0-9_]+) = /#.anchorsMatchLineEndings()).map { String($0.1) })
        #expect(names.count == 13)
        for name in names.subtracting(["ESEG_OK"]) { #expect(page.contains("`\(name)`"), "\(name)") }
    }
}
