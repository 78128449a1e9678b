#if canImport(Glibc)
    import Glibc
#endif

/// Finds where JPEG images begin and end among bytes that arrive piece by piece, looking at each byte once.
///
/// It walks from marker to marker, as the format is made: an end-of-image marker within an EXIF thumbnail is none, nor are stuffed
/// bytes and restart markers within a scan. After damage it goes on at the next start of an image.
struct JPEGFramer {
    enum Step: Equatable {
        /// Nothing more can be told from these bytes.
        case more
        /// This many bytes belong to no image.
        case skip(Int)
        /// This many bytes are an image, from its first marker to its last, or to the start of the next where the last is missing.
        case image(Int)
        /// An image breaks off; whole ones may begin after this many bytes.
        case broken(Int, reason: String)
    }

    /// Where within the bytes to go on.
    private var position = 0
    private(set) var isWithinImage = false
    private var isWithinScan = false
    /// Where the image's last segment begins, and its first scan, once there is one.
    private var segment = 0
    private var firstScan: Int?
    /// Whether there may be a whole image that lacks nothing but its last marker.
    var hasScan: Bool { firstScan != nil }
    /// Bytes of the image, once it is one.
    private var length = 0
    /// Bytes between segments, which decoders pass over, and the segment before the first of them, whose length may be wrong.
    private var stray = 0
    private var suspect: Int?
    private static let mostStray = 16
    /// Frame header, scan header and a table of each kind take more.
    private static let smallestImage = 100
    /// So many bytes of those that belong to no image stay until there are more: what they begin with may be a header.
    static let lookahead = 22

    /// What the unconsumed bytes of the stream hold first. After `skip` and `broken`, that many bytes must be consumed; after `image`, what
    /// `finish` or `abandon` says.
    mutating func next(in bytes: UnsafeBufferPointer<UInt8>) -> Step {
        if !isWithinImage, let step = seek(in: bytes) { return step }
        while true {
            if isWithinScan {
                guard let marker = endOfScan(in: bytes) else { return .more }
                position = marker
                isWithinScan = false
            }
            if let step = readMarker(in: bytes) { return step }
        }
    }

    /// How many bytes to consume of an image that is whole.
    mutating func finish() -> Int {
        defer { self = JPEGFramer() }
        return length
    }

    /// How many bytes to consume of an image that proves damaged, so that no image which it seems to contain is lost.
    mutating func abandon() -> Int {
        defer { self = JPEGFramer() }
        return (suspect ?? firstScan ?? segment) + 2
    }

    /// Goes to the start of an image: its marker and the first byte of another.
    private mutating func seek(in bytes: UnsafeBufferPointer<UInt8>) -> Step? {
        let start = bytes.firstStartOfImage(from: 0)
        if start == 0 {
            isWithinImage = true
            position = 2
            return nil
        }
        let skipped = start ?? bytes.count - JPEGFramer.lookahead
        return skipped > 0 ? .skip(skipped) : .more
    }

    /// The position of the marker that ends a scan.
    private mutating func endOfScan(in bytes: UnsafeBufferPointer<UInt8>) -> Int? {
        while let found = bytes.first(0xFF, from: position), found + 1 < bytes.count {
            switch bytes[found + 1] {
            case 0x00, Marker.restarts: position = found + 2
            case 0xFF: position = found + 1
            default: return found
            }
        }
        // A marker's first byte may be the last one here.
        position = max(position, bytes.last == 0xFF ? bytes.count - 1 : bytes.count)
        return nil
    }

    /// Reads the marker at `position` and steps over its segment; nil where the image goes on.
    private mutating func readMarker(in bytes: UnsafeBufferPointer<UInt8>) -> Step? {
        guard position + 1 < bytes.count else { return .more }
        guard bytes[position] == 0xFF else { return passStray() }
        let marker = bytes[position + 1]
        switch marker {
        case 0xFF:
            position += 1
            return nil
        case Marker.endOfImage:
            return image(position + 2)
        case Marker.startOfImage:
            return startOfNext()
        case Marker.restarts, Marker.temporary:
            position += 2
            return nil
        default: return readSegment(marker, in: bytes)
        }
    }

    private mutating func image(_ length: Int) -> Step {
        self.length = length
        return .image(length)
    }

    /// The start of an image within another, which may lack its last marker; directly behind the first marker, that one was sent twice.
    private mutating func startOfNext() -> Step {
        if hasScan { return image(position) }
        let isDoubled = segment == 0 && stray == 0, end = position
        self = JPEGFramer()
        return isDoubled ? .skip(end) : .broken(end, reason: "the start of the next image")
    }

    private mutating func passStray() -> Step? {
        stray += 1
        guard stray <= JPEGFramer.mostStray else { return broken("a segment that ends where no other begins") }
        suspect = suspect ?? segment
        position += 1
        return nil
    }

    private mutating func readSegment(_ marker: UInt8, in bytes: UnsafeBufferPointer<UInt8>) -> Step? {
        let isKnown = firstScan == nil ? marker >= Marker.firstSegment : Marker.betweenScans.contains(marker)
        guard isKnown else { return broken("the byte \(marker) as a marker") }
        guard position + 3 < bytes.count else { return .more }
        let end = position + 2 + Int(bytes[position + 2]) << 8 + Int(bytes[position + 3])
        guard end >= position + 4 else { return broken("a segment without room for its length") }
        guard end + 2 <= bytes.count else { return .more }
        segment = position
        // Only thumbnails are images within a segment, and no segment ends within the start of an image.
        let mayHoldImage = Marker.mayHoldImages.contains(marker) && end - position >= JPEGFramer.smallestImage
        let unsuspicious = mayHoldImage ? end - 2 : position
        if let start = bytes.firstStartOfImage(from: unsuspicious), start < end {
            self = JPEGFramer()
            return .broken(start, reason: "the start of the next image")
        }
        if marker == Marker.startOfScan {
            firstScan = firstScan ?? position
            isWithinScan = true
        }
        position = end
        return nil
    }

    private mutating func broken(_ reason: String) -> Step { .broken(abandon(), reason: reason) }
}

private enum Marker {
    static let temporary: UInt8 = 0x01
    static let firstSegment: UInt8 = 0xC0
    /// Baseline, extended and progressive, with Huffman codes or arithmetic ones.
    static let frameHeaders: [UInt8] = [0xC0, 0xC1, 0xC2, 0xC9, 0xCA]
    static let restarts: ClosedRange<UInt8> = 0xD0...0xD7
    static let startOfImage: UInt8 = 0xD8
    static let endOfImage: UInt8 = 0xD9
    static let startOfScan: UInt8 = 0xDA
    /// Application data and comments.
    static let mayHoldImages: [UInt8] = Array(0xE0...0xEF) + [0xFE]
    /// Tables, a scan, the number of lines, the restart interval, application data and comments.
    static let betweenScans: [UInt8] = [0xC4, 0xDA, 0xDB, 0xDC, 0xDD, 0xFE] + Array(0xE0...0xEF)
}

extension UnsafeBufferPointer<UInt8> {
    func first(_ value: UInt8, from position: Int) -> Int? {
        guard let base = UnsafeRawPointer(baseAddress), position < count else { return nil }
        return memchr(base + position, Int32(value), count - position).map { UnsafeRawPointer($0) - base }
    }

    /// Where an image's first marker and the first byte of another are.
    func firstStartOfImage(from position: Int) -> Int? {
        var position = position
        while let found = first(0xFF, from: position), found + 2 < count {
            if self[found + 1] == Marker.startOfImage && self[found + 2] == 0xFF { return found }
            position = found + 1
        }
        return nil
    }

    /// Just behind the first end-of-image marker that begins within `range`.
    func endOfImage(in range: Range<Int>) -> Int? {
        var position = range.lowerBound
        while let found = first(0xFF, from: position), found < range.upperBound, found + 1 < count {
            if self[found + 1] == Marker.endOfImage { return found + 2 }
            position = found + 1
        }
        return nil
    }

    /// Where within the first `length` bytes the header of a frame or of its first scan begins, which nothing but an image has.
    func imageHeader(within length: Int) -> Int? {
        var position = 0
        while let found = first(0xFF, from: position), found < length {
            if isFrameHeader(at: found) || isFirstScanHeader(at: found) { return found }
            position = found + 1
        }
        return nil
    }

    /// Marker, length, precision, height, width, and three bytes for each component.
    private func isFrameHeader(at position: Int) -> Bool {
        guard position + 10 <= count, Marker.frameHeaders.contains(self[position + 1]) else { return false }
        let components = self[position + 9]
        return (1...4).contains(components) && self[position + 2] == 0 && self[position + 3] == 8 + 3 * components
            && [8, 12].contains(self[position + 4])
    }

    /// Marker, length, two bytes for each component, first and last coefficient, and bits: of a first scan, of the first coefficient on.
    private func isFirstScanHeader(at position: Int) -> Bool {
        guard position + 5 <= count, self[position + 1] == Marker.startOfScan else { return false }
        let components = self[position + 4]
        guard (1...4).contains(components), self[position + 2] == 0, self[position + 3] == 6 + 2 * components else { return false }
        let end = position + 2 + Int(self[position + 3])
        return end <= count && self[end - 3] == 0 && self[end - 2] < 64 && self[end - 1] >> 4 == 0
    }
}
