import Foundation
import TestSupport
import Testing

@testable import ESegRuntime

/// Files of the third version give the bytes that they gave when they were written: small random networks, calibrated on a few frames.
@Suite("An .eseg file of the third version")
struct GeneralFormatExactnessTests {
    /// A file of `Tests/Fixtures/format3`, and the SHA-256 of class map and logits of `ExactnessTests.scene` at a size.
    struct Fixture: Sendable {
        let name: String
        let width: Int
        let height: Int
        let hash: String
    }

    static let fixtures: [Fixture] = [
        Fixture(name: "gates", width: 100, height: 76, hash: "c4d1035218c65f8dd0af7452bd21444b0671c2c5f16881e0eafec69681f1f42d"),
        Fixture(name: "prelu-transposed", width: 64, height: 112, hash: "2133e9661aebe9d4253ab67ccf2fc4c7e0bbc61659ecee10d9b947f300cbe828"),
        Fixture(name: "products-grouped", width: 128, height: 96, hash: "332592b257ac46d941bca12cf71f7c8b6d5142a19d3add596bf83b418077e0be"),
        Fixture(name: "shuffle", width: 75, height: 61, hash: "9ac30e404a68a3b1f603b90533fc735290bfbfa3ba94ca7f12c220a013941fb6"),
        Fixture(
            name: "silu-gelu-softmax", width: 120, height: 90, hash: "0737397c8283a203e64fb8599371d7716a275b3f007392e40a9b565d20f36918"),
    ]

    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Fixtures/format3")

    @Test("gives the same bytes as when it was written, on every ISA", arguments: ISA.underTest, fixtures)
    func bytes(isa: ISA, fixture: Fixture) throws {
        let model = try Model(contentsOf: Self.folder.appendingPathComponent(fixture.name + ".eseg").path, isa: isa)
        let image = ExactnessTests.scene(height: fixture.height, width: fixture.width)
        for threads in [1, 3] {
            let session = try Session(model, height: fixture.height, width: fixture.width, threads: threads)
            let found = try Digest.text(of: session, segmenting: image)
            #expect(found == fixture.hash, "\(isa), \(fixture.name), \(threads) threads")
        }
    }
}
