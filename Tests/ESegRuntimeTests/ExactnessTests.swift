import ESegNetwork
import Foundation
import TestSupport
import Testing

@testable import ESegRuntime

/// The contract: the same file and the same pixels give the same bytes on every ISA, with every number of threads, in every build mode.
@Suite struct ExactnessTests {
    static let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Models/eseg-edge.eseg").path

    /// SHA-256 of class map and logits of `scene` at a size; another hash means another arithmetic, which existing models must not see.
    static let hashes = [
        "480x360": "6c5101919bbef34049cb975717309980ed8c6d54f69ab03cefa73d62508f08db",
        "161x97": "8727bd1be98189b6505cba76d3400048326e79d4aa573e3da0c75c3c97560675",
        "32x33": "60da91e18d52cada06636e320a5132d83a8eeeaad86b0be126aac9f9ef43a5fa",
    ]

    @Test(arguments: ISA.underTest, ["161x97", "32x33"])
    func bytesAreTheSameOnEveryISAAndForEveryNumberOfThreads(isa: ISA, size: String) throws {
        for threads in [1, 2, 3, 4, 7] {
            let found = try hash(size: size, isa: isa, threads: threads)
            #expect(found == Self.hashes[size], "\(isa), \(threads) threads")
        }
    }

    @Test(arguments: ISA.underTest)
    func bytesAreTheSameAtFullSize(isa: ISA) throws {
        let found = try hash(size: "480x360", isa: isa, threads: 2)
        #expect(found == Self.hashes["480x360"])
    }

    @Test func fusionChangesNoByte() throws {
        let model = try Model(contentsOf: Self.path)
        let image = Self.scene(height: 97, width: 161)
        let session = try Session(model, height: 97, width: 161, threads: 2), inspector = try Inspector(model, height: 97, width: 161)
        #expect(try session.segment(image) == inspector.run(image))
        let scale = try #require(session.plan.packed.outputs.last).scale
        #expect(inspector.values(of: model.graph.nodes.count - 1) == session.logits.map { Float($0) * scale })
    }

    @Test func aSessionGivesTheSameBytesAgain() throws {
        let session = try Session(try Model(contentsOf: Self.path), height: 97, width: 161)
        let first = try session.segment(Self.scene(height: 97, width: 161))
        _ = try session.segment(RGBImage(width: 161, height: 97, pixels: Array(repeating: 255, count: 161 * 97 * 3)))
        #expect(try session.segment(Self.scene(height: 97, width: 161)) == first)
    }

    private func hash(size: String, isa: ISA, threads: Int) throws -> String {
        let sides = size.split(separator: "x").compactMap { Int($0) }
        let session = try Session(try Model(contentsOf: Self.path, isa: isa), height: sides[1], width: sides[0], threads: threads)
        return try Digest.text(of: session, segmenting: Self.scene(height: sides[1], width: sides[0]))
    }

    /// Sky, ground, edges and noise, in integer arithmetic.
    static func scene(height: Int, width: Int) -> RGBImage {
        var random = SeededRandom(state: 7)
        var pixels: [UInt8] = []
        for y in 0..<height {
            for x in 0..<width {
                let noise = Int(random.next() >> 60)
                let isBlock = (x * 7 / width + y * 5 / height) % 3 == 0
                let base = y * 2 < height ? [120, 160, 210] : [90, 85, 80]
                for c in 0..<3 { pixels.append(UInt8(max(0, min(255, base[c] - (isBlock ? 60 : 0) + y * 40 / height + noise)))) }
            }
        }
        return RGBImage(width: width, height: height, pixels: pixels)
    }
}
