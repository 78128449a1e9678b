import Foundation
import TestSupport
import Testing

@testable import ESegRuntime

@Suite struct SessionTests {
    private let model: Model

    init() throws {
        let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        model = try Model(contentsOf: tests.appendingPathComponent("Fixtures/format2.eseg").path)
    }

    private func address(of map: ClassMap) -> UnsafePointer<UInt8>? { map.classes.withUnsafeBufferPointer { $0.baseAddress } }

    @Test func aMapServesOneImageAfterTheOther() throws {
        let session = try Session(model, height: 40, width: 48)
        var map = try session.segment(.gradient(width: 48, height: 40))
        let place = address(of: map)
        for seed in [1, 2] as [UInt64] {
            let image = randomImage(height: 40, width: 48, seed: seed)
            try session.segment(image, into: &map)
            #expect(try map == session.segment(image))
            #expect(address(of: map) == place)
        }
    }

    /// Sessions of a model share its weights and nothing else, and a session's own threads nothing with those of another.
    @Test func sessionsOfAModelRunAtOnce() async throws {
        let model = model
        let images = (1...4).map { randomImage(height: 40, width: 48, seed: UInt64($0)) }
        let session = try Session(model, height: 40, width: 48)
        let expected = try images.map { try session.segment($0) }
        let found = try await withThrowingTaskGroup(of: (Int, ClassMap).self, returning: [Int: ClassMap].self) { group in
            for (i, image) in images.enumerated() {
                group.addTask { (i, try Session(model, height: 40, width: 48, threads: 1 + i % 3).segment(image)) }
            }
            return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
        }
        #expect(images.indices.allSatisfy { found[$0] == expected[$0] })
    }

    @Test func imagesAndMapsOfOtherSizesAreRefused() throws {
        let session = try Session(model, height: 40, width: 48), image = RGBImage.gradient(width: 48, height: 40)
        var map = ClassMap(width: 40, height: 48, classes: Array(repeating: 0, count: 40 * 48))
        #expect(throws: RuntimeError.imageSize(found: "40x48", expected: "48x40")) { try session.segment(image, into: &map) }
        #expect(throws: RuntimeError.imageSize(found: "48x41", expected: "48x40")) { try session.segment(.gradient(width: 48, height: 41)) }
    }
}
