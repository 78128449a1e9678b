import Foundation
import Testing

@Suite struct ExampleTests {
    /// Builds beside this package's own products, so that the next time only what changed is built.
    private let build = Tool.package + "/.build/StreetSegmenter"

    @Test func anotherPackageSegmentsAnImage() throws {
        let compiled = try Tool.run(
            ["swift", "build", "--package-path", Tool.package + "/Examples/StreetSegmenter", "--scratch-path", build],
            program: "/usr/bin/env")
        try #require(compiled.status == 0, "\(compiled.output)\(compiled.errors)")
        let program = build + "/debug/StreetSegmenter"

        let image = try #require(try FileManager.default.contentsOfDirectory(atPath: Tool.calibrationFrames).sorted().first)
        let segmented = try Tool.run([QuantizedModel.path(), Tool.calibrationFrames + "/" + image], program: program)
        #expect(segmented.status == 0, "\(segmented.errors)")
        let lines = segmented.output.split(separator: "\n")
        let shares = lines.dropLast().compactMap { line in line.split(separator: " ").dropLast().last.flatMap { Int($0) } }
        #expect(shares.count == lines.count - 1)
        #expect(shares == shares.sorted(by: >))
        #expect((90...100).contains(shares.reduce(0, +)))
        #expect(lines.contains { $0.hasPrefix("road: ") })
        #expect(lines.last?.hasPrefix("480x360 in ") == true)

        let refused = try Tool.run(["no.eseg", "no.jpg"], program: program)
        #expect(refused.status == 1)
        #expect(refused.errors.hasPrefix("no.eseg: "))
    }
}
