import ESegRuntime
import ImageCodecs

@testable import ESegImaging

extension FuzzTarget {
    /// Image files and label maps; what is decoded has as many samples as its size says.
    static let images = FuzzTarget("images") {
        ImageSamples.jpegs + ImageSamples.pngs
    } run: { bytes in
        let bytes = bytes.withPNGChecksums
        guard bytes.count <= 1 << 14, !bytes.claimsLargeJPEG, !bytes.starts(with: [0x89]) || !bytes.claimsLargePNG else {
            return passedOver
        }
        let image: RGBImage
        // The libraries' own words change with their version.
        do throws(ImageError) { image = try RGBImage(encoded: bytes, name: "fuzz") } catch { return "refused: \(error.field)" }
        try require(image.pixels.count == image.width * image.height * 3, "\(image.pixels.count) bytes of pixels")
        let size = "\(image.width)x\(image.height)"
        guard let encoded = try? EncodedImage(bytes: bytes, file: "fuzz"), encoded.format == .png, encoded.bitDepth <= 8,
            [IMAGE_SAMPLES_PALETTE, IMAGE_SAMPLES_GRAY].contains(encoded.samples)
        else { return size }
        let indices: [UInt8]
        do throws(ImageError) { indices = try encoded.decodeIndices() } catch { return "\(size), refused: \(error.field)" }
        try require(indices.count == encoded.width * encoded.height, "\(indices.count) indices")
        return "\(size), \(indices.reduce(0) { $0 + Int($1) }) as sum of indices"
    }
}

extension [UInt8] {
    /// A PNG with each chunk's checksum right, for no change of bytes would meet them; anything else as it is.
    fileprivate var withPNGChecksums: [UInt8] {
        guard starts(with: [0x89, 0x50, 0x4E, 0x47]) else { return self }
        var bytes = self, position = 8
        while position + 12 <= bytes.count {
            let length = bytes[position..<position + 4].reduce(0) { $0 << 8 | Int($1) }
            let end = position + 8 + length
            guard end + 4 <= bytes.count else { break }
            let sum = bytes[position + 4..<end].crc32
            for byte in 0..<4 { bytes[end + byte] = UInt8(truncatingIfNeeded: sum >> UInt32(24 - 8 * byte)) }
            position = end + 4
        }
        return bytes
    }
}

extension ArraySlice<UInt8> {
    /// As PNG and ZIP have it.
    fileprivate var crc32: UInt32 {
        var sum = UInt32.max
        for byte in self {
            sum ^= UInt32(byte)
            for _ in 0..<8 { sum = sum >> 1 ^ (sum & 1 == 1 ? 0xEDB8_8320 : 0) }
        }
        return ~sum
    }
}
