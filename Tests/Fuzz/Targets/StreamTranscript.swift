#if canImport(Glibc)
    import Glibc
#endif

@testable import ESegImaging

/// What a stream gave until it ended, told so that two readings can be compared.
struct StreamTranscript: Equatable {
    private(set) var lines: [String] = []

    /// Reads bytes that arrive in so many pieces, which a socket of packets keeps apart.
    init(_ bytes: ArraySlice<UInt8>, pieces: Int) {
        var ends: [Int32] = [-1, -1]
        guard socketpair(AF_UNIX, Int32(SOCK_SEQPACKET.rawValue), 0, &ends) == 0 else { return }
        defer { close(ends[0]) }
        let length = max(1, (bytes.count + pieces - 1) / pieces)
        var start = bytes.startIndex
        while start < bytes.endIndex {
            let end = min(start + length, bytes.endIndex)
            _ = bytes[start..<end].withUnsafeBytes { write(ends[1], $0.baseAddress, $0.count) }
            start = end
        }
        close(ends[1])
        do throws(ImageError) {
            let interruption = try Interruption()
            try read(StreamFormat.open(descriptor: ends[0], name: "fuzz", raw: nil, interruption: interruption))
        } catch {
            lines.append("failed: \(error)")
        }
    }

    private mutating func read(_ source: any FrameSource) throws(ImageError) {
        let frame = StreamFrame()
        while true {
            switch try source.read(into: frame) {
            case .frame: lines.append("frame \(frame.number): \(frame.width)x\(frame.height), \(frame.pixels.hashValue)")
            case .damaged(let error): lines.append("damaged: \(error)")
            case .end: return
            }
        }
    }
}
