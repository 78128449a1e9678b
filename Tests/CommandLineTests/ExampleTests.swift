import ESegImaging
import ESegRuntime
import Foundation
import TestSupport
import Testing

/// An application of the library, which is a debug build, whatever these tests are.
@Suite struct ExampleTests {
    /// Builds beside this package's own products, so that the next time only what changed is built.
    private let build = Tool.package + "/.build/StreetSegmenter"

    @Test func anotherPackageSegmentsAnImage() throws {
        let compiled = try Tool.run(
            ["swift", "build", "--package-path", Tool.package + "/Examples/StreetSegmenter", "--scratch-path", build],
            program: "/usr/bin/env")
        try #require(compiled.status == 0, "\(compiled.output)\(compiled.errors)")
        let program = build + "/debug/StreetSegmenter"

        let folder = try TemporaryFolder(), classes = folder.path + "/classes"
        let image = try #require(try ImageFolder(path: Tool.calibrationFrames).paths.first)
        let segmented = try Tool.run([QuantizedModel.path(), image, classes], program: program)
        #expect(segmented.status == 0, "\(segmented.errors)")
        let lines = segmented.output.split(separator: "\n")
        let shares = lines.dropLast().compactMap { line in line.split(separator: " ").dropLast().last.flatMap { Int($0) } }
        #expect(shares.count == lines.count - 1)
        #expect(shares == shares.sorted(by: >))
        #expect((90...100).contains(shares.reduce(0, +)))
        #expect(lines.contains { $0.hasPrefix("road: ") })
        #expect(lines.last?.hasPrefix("480x360 in ") == true)

        let session = try Session(try Model(contentsOf: QuantizedModel.path()), height: 360, width: 480)
        #expect(try Data(contentsOf: URL(fileURLWithPath: classes)) == Data(session.segment(RGBImage(contentsOf: image)).classes))

        let refused = try Tool.run(["no.eseg", "no.jpg"], program: program)
        #expect(refused.status == 1)
        #expect(refused.errors.hasPrefix("no.eseg: "))
    }
}
