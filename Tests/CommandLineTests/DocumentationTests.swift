import Foundation
import TestSupport
import Testing

/// The pages say what is: their links lead somewhere, their paths exist, their commands have these options, and their rules have tests.
@Suite struct DocumentationTests {
    @Test(arguments: Page.all)
    func linksResolve(page: Page) {
        for link in page.links where !link.hasPrefix("http") {
            let target = String(link.prefix { $0 != "#" })
            #expect(target.isEmpty || page.exists(target), "\(link)")
        }
    }

    @Test(arguments: Page.all)
    func pathsExist(page: Page) {
        for path in page.paths { #expect(page.exists(path), "\(path)") }
    }

    @Test(arguments: Page.all)
    func commandsHaveTheOptionsThatAreShown(page: Page) throws {
        for command in page.commands {
            let help = try Help.of(command.name)
            #expect(!help.isEmpty, "eseg \(command.name)")
            for option in command.options { #expect(help.contains(option), "eseg \(command.name) \(option)") }
        }
    }

    @Test(arguments: Page.all)
    func makeHasTheTargetsThatAreShown(page: Page) throws {
        let makefile = try String(contentsOfFile: Tool.package + "/Makefile", encoding: .utf8)
        for target in page.makeTargets { #expect(makefile.contains("\n\(target):"), "make \(target)") }
    }

    @Test func theReadmeIsShort() throws {
        let readme = try #require(Page.all.first { $0.name == "README.md" })
        #expect(readme.lines.count <= 100)
    }

    @Test func everyRuleOfTheContractHasItsReferenceAndItsTest() throws {
        let contract = try #require(Page.all.first { $0.name == "docs/contract.md" })
        let starts = contract.lines.compactMap { $0.prefixMatch(of: #/\*\*([0-9]+)\.\*\* /#).flatMap { Int($0.1) } }
        #expect(starts == Array(1...starts.count))
        let ends = contract.lines.compactMap { $0.wholeMatch(of: #/reference: `(.+)` `(.+)`; test: `(.+)` `(.+)`/#) }
        #expect(ends.count == starts.count)
        for end in ends {
            for (path, symbol) in [(end.1, end.2), (end.3, end.4)] {
                let text = try String(contentsOfFile: "\(Tool.package)/\(path)", encoding: .utf8)
                #expect(text.split { !$0.isLetter && !$0.isNumber && $0 != "_" }.contains(symbol), "\(path) \(symbol)")
            }
        }
    }

    @Test(.enabled(if: Python.isPresent, "no Python"))
    func theReaderOfTheFormatsPageListsTheShippedModel() throws {
        let page = try #require(Page.all.first { $0.name == "docs/format.md" })
        let code = try #require(page.text.firstMatch(of: #/(?s)```python\n(.*?)```/#)).1
        let folder = try TemporaryFolder()
        let model = Tool.package + "/Models/eseg-edge.eseg"
        let reader = try folder.write(Array(code.utf8), to: "reader.py")
        let result = try Tool.run([Python.path, reader, model], program: "/usr/bin/env")
        #expect(result.status == 0, "\(result.errors)")
        let lines = result.output.split(separator: "\n")
        #expect(lines.contains { $0.hasPrefix("1 backbone.stem convolution [0] ") && $0.hasSuffix(" I16 864") })
        #expect(lines.last?.hasSuffix(", SHA-256 verified") == true)

        var damaged = Array(try Data(contentsOf: URL(fileURLWithPath: model)))
        damaged[damaged.count - 1] ^= 1
        let refused = try Tool.run([Python.path, reader, folder.write(damaged, to: "damaged.eseg")], program: "/usr/bin/env")
        #expect(refused.status == 1 && refused.errors.hasSuffix("damaged.eseg: damaged\n"))
    }
}

/// A Markdown file of the repository.
struct Page: Sendable, CustomTestStringConvertible {
    /// Its path from the package's root.
    let name: String
    let text: String

    var testDescription: String { name }
    var lines: [Substring] { text.split(separator: "\n") }

    static let all: [Page] = {
        let folders = [
            "", "docs/", "Benchmarks/", "Models/", "Kernels/", "Examples/Networks/", "Examples/Python/", "Examples/Scale/",
            "Examples/Training/",
            "Python/",
        ]
        return folders.flatMap { folder in
            let names = (try? FileManager.default.contentsOfDirectory(atPath: "\(Tool.package)/\(folder)")) ?? []
            return names.sorted().filter { $0.hasSuffix(".md") }.compactMap { name in
                let text = try? String(contentsOfFile: "\(Tool.package)/\(folder)\(name)", encoding: .utf8)
                return text.map { Page(name: folder + name, text: $0) }
            }
        }
    }()

    /// Whether a path, from the page or from the root, is there.
    func exists(_ path: String) -> Bool {
        let folder = name.contains("/") ? String(name[...(name.lastIndex(of: "/") ?? name.startIndex)]) : ""
        return ["\(Tool.package)/\(folder)\(path)", "\(Tool.package)/\(path)"].contains { FileManager.default.fileExists(atPath: $0) }
    }

    var links: [String] { text.matches(of: #/\]\(([^) ]+)\)/#).map { String($0.1) } }

    /// What stands in backticks and begins with a folder of the repository.
    var paths: [String] {
        let folders = [
            "Benchmarks", "Calibration", "Examples", "Kernels", "Models", "Packaging", "Python", "Samples", "Scripts", "Sources", "Tests",
            "docs",
        ]
        return text.matches(of: #/`([A-Za-z0-9_]+\/[A-Za-z0-9_\/.+-]*)`/#).map { String($0.1) }
            .filter { path in folders.contains { path.hasPrefix($0 + "/") } }
    }

    /// Lines of code, indented or fenced, up to their comments.
    private var code: [Substring] {
        var isFenced = false, isIndented = false, code: [Substring] = []
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("```") {
                isFenced.toggle()
            } else {
                isIndented = line.hasPrefix("    ")
                if isFenced || isIndented { code.append(line.prefix { $0 != "#" }) }
            }
        }
        return code
    }

    /// Each `eseg COMMAND` of the code, with its options up to the next pipe.
    var commands: [(name: String, options: [String])] {
        code.flatMap { line in
            line.matches(of: #/(?:^|[ |])eseg ([a-z]+)([^|]*)/#).map { match in
                (String(match.1), match.2.matches(of: #/ (--?[a-z][a-z0-9-]*)/#).map { String($0.1) })
            }
        }
    }

    var makeTargets: [String] {
        code.compactMap { $0.prefixMatch(of: #/ +make ([a-z0-9-]+)/#).map { String($0.1) } }
    }
}

/// The help of each command, asked for once.
private enum Help {
    static func of(_ command: String) throws -> Set<String> {
        let result = try Tool.run("help", command, environment: ["COLUMNS": "1000"])
        guard result.status == 0 else { return [] }
        return Set(result.output.matches(of: #/--?[a-z][a-z0-9-]*/#).map { String($0.0) })
    }
}
