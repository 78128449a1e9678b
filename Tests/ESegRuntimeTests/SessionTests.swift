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

    @Test func imagesAndMapsOfOtherSizesAreRefused() throws {
        let session = try Session(model, height: 40, width: 48), image = RGBImage.gradient(width: 48, height: 40)
        var map = ClassMap(width: 40, height: 48, classes: Array(repeating: 0, count: 40 * 48))
        #expect(throws: RuntimeError.imageSize(found: "40x48", expected: "48x40")) { try session.segment(image, into: &map) }
        #expect(throws: RuntimeError.imageSize(found: "48x41", expected: "48x40")) { try session.segment(.gradient(width: 48, height: 41)) }
    }
}
