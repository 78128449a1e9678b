import ESegRuntime
import Foundation
import Kernels

/// A SHA-256 in the making.
struct Digest {
    private var state = eseg_sha256()

    init() { eseg_sha256_init(&state) }

    mutating func add<Value>(_ values: [Value]) {
        values.withUnsafeBytes { eseg_sha256_update(&state, $0.baseAddress, $0.count) }
    }

    /// What was added, as 64 hexadecimal digits.
    var text: String {
        var state = state
        var digest = [UInt8](repeating: 0, count: 32)
        eseg_sha256_final(&state, &digest)
        return digest.map { String(format: "%02x", $0) }.joined()
    }

    /// The digest of the class map of an image and its logits.
    static func text(of session: Session, segmenting image: RGBImage) throws -> String {
        var digest = Digest()
        digest.add(try session.segment(image).classes)
        digest.add(session.logits)
        return digest.text
    }
}
