@testable import ESegImaging

extension FuzzTarget {
    /// What a stream of JPEG images gives does not depend on how its bytes arrive.
    static let mjpeg = FuzzTarget("mjpeg") {
        let images = ImageSamples.jpegs.filter { $0.count < 1500 }
        let damaged: [UInt8] = [7] + images[0] + [0, 1, 2]
        return [[3] + images.joined(), damaged + images[1].dropLast(40) + images[0]]
    } run: { bytes in
        guard let first = bytes.first, bytes.count <= 1 << 14, !bytes.claimsLargeJPEG else { return passedOver }
        return try requireSame(bytes.dropFirst(), pieces: Int(first))
    }

    /// The same of YUV4MPEG2.
    static let y4m = FuzzTarget("y4m") {
        let chromas = ["", " C420jpeg", " C422", " C444", " Cmono"]
        return chromas.map { chroma in
            let frame = Array("FRAME\n".utf8) + (0..<48).map { UInt8($0 * 5) }
            return [5] + Array("YUV4MPEG2 W4 H4 F25:1 Ip\(chroma) XCOLORRANGE=FULL\n".utf8) + frame + frame
        }
    } run: { bytes in
        guard let first = bytes.first, bytes.count <= 1 << 14 else { return passedOver }
        let stream = bytes.dropFirst(), line = String(decoding: stream.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
        // Other streams are MJPEG's target's.
        guard stream.starts(with: Array(Y4MHeader.signature.utf8)) else { return passedOver }
        if let header = try? Y4MHeader(line, name: "fuzz"), header.picture.byteCount > 1 << 16 { return passedOver }
        return try requireSame(stream, pieces: Int(first))
    }

    private static func requireSame(_ stream: ArraySlice<UInt8>, pieces: Int) throws -> String {
        let whole = StreamTranscript(stream, pieces: 1), parts = StreamTranscript(stream, pieces: 2 + pieces % 30)
        try require(whole.isSound, "frames of other sizes than they say")
        try require(whole == parts, "\(whole.lines) in pieces is \(parts.lines)")
        return whole.text
    }
}
