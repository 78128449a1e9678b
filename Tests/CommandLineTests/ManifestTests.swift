import Foundation
import Testing

/// SwiftPM 6.2 lets packages that ask for its tools version be depended on by version in spite of unsafe flags, which OpenMP needs here.
struct ManifestTests {
    private let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    @Test func bothManifestsSayTheSame() throws {
        let manifests = try ["Package.swift", "Package@swift-6.2.swift"].map {
            try String(contentsOf: root.appendingPathComponent($0), encoding: .utf8).split(
                separator: "\n", omittingEmptySubsequences: false)
        }
        #expect(manifests.map(\.first) == ["// swift-tools-version: 6.0", "// swift-tools-version: 6.2"])
        #expect(manifests[0].dropFirst() == manifests[1].dropFirst())
    }
}
