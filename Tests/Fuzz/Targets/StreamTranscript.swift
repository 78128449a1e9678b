#if canImport(Glibc)
    import Glibc
#endif

@testable import ESegImaging

extension [UInt8] {
    /// One by which other bytes, or the same elsewhere, are told apart.
    fileprivate var sum: UInt32 { reduce(0) { $0 &* 31 &+ UInt32($1) } }
}

/// What a stream gave until it ended, told so that two readings can be compared.
struct StreamTranscript: Equatable {
    private(set) var lines: [String] = []
    /// Whether each frame has as many pixels as its size says.
    private(set) var isSound = true

    init() {}

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
        add { () throws(ImageError) in
            try StreamFormat.open(descriptor: ends[0], name: "fuzz", raw: nil, interruption: Interruption())
        }
    }

    var text: String { lines.joined(separator: "; ") }

    /// Reads a source, once it is open, to its end.
    mutating func add(_ open: () throws(ImageError) -> any FrameSource) {
        do throws(ImageError) { try read(open()) } catch { lines.append("failed: \(error)") }
    }

    private mutating func read(_ source: any FrameSource) throws(ImageError) {
        let frame = StreamFrame()
        while true {
            switch try source.read(into: frame) {
            case .frame:
                lines.append("frame \(frame.number): \(frame.width)x\(frame.height), \(frame.pixels.sum)")
                isSound = isSound && frame.pixels.count == frame.width * frame.height * 3
            case .damaged(let error): lines.append("damaged: \(error)")
            case .end: return
            }
        }
    }
}
