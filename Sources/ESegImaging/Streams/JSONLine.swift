import ESegNetwork

#if canImport(Glibc)
    import Glibc
#endif

/// A line of JSON about one frame, made in memory that serves one frame after the other.
struct JSONLine {
    private var bytes: [UInt8] = []
    private var segments = 0
    /// What names each class in a segment, the comma behind it included.
    private var names: [[UInt8]] = []

    init(classNames: [String]) { use(classNames: classNames) }

    mutating func use(classNames: [String]) {
        names = classNames.map { Array("\"category\":\(JSONValue.string($0).text),".utf8) }
    }

    /// Begins the line of a frame, up to its list of segments.
    mutating func begin(_ frame: StreamFrame) {
        bytes.removeAll(keepingCapacity: true)
        segments = 0
        let milliseconds = frame.arrival.millisecondsSince1970
        write("{\"frame\":")
        write(frame.number)
        write(",\"time\":")
        write(milliseconds / 1000)
        write(".")
        for unit in 0..<3 { write(milliseconds / (unit == 0 ? 100 : unit == 1 ? 10 : 1) % 10) }
        write(",\"size\":")
        writeSize(frame)
        if frame.hasDoubt {
            write(",\"doubtful_pixels\":")
            write(frame.doubtfulPixels)
        }
        write(",\"segments\":[")
    }

    /// Begins a segment: its class and how many pixels it has.
    mutating func beginSegment(ofClass index: Int, area: Int) {
        write(segments == 0 ? "{\"category_id\":" : ",{\"category_id\":")
        segments += 1
        write(index)
        write(",")
        if names.indices.contains(index) { bytes.append(contentsOf: names[index]) }
        write("\"area\":")
        write(area)
    }

    /// Ends the line; passes it to `body`, its line feed included.
    mutating func end(_ body: (UnsafeRawBufferPointer) throws -> Void) rethrows {
        write("]}\n")
        try bytes.withUnsafeBytes(body)
    }

    mutating func write(_ text: StaticString) {
        text.withUTF8Buffer { bytes.append(contentsOf: $0) }
    }

    /// Writes an integer that is not negative.
    mutating func write(_ number: Int) {
        var place = 1
        while number / place >= 10 { place *= 10 }
        while place > 0 {
            bytes.append(UInt8(ascii: "0") + UInt8(number / place % 10))
            place /= 10
        }
    }

    /// Writes height and width, in the order of COCO's masks.
    mutating func writeSize(_ frame: StreamFrame) {
        write("[")
        write(frame.height)
        write(",")
        write(frame.width)
        write("]")
    }
}

extension ContinuousClock.Instant {
    /// When that was by the system's clock, in milliseconds since 1970.
    fileprivate var millisecondsSince1970: Int {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        let age = duration(to: .now).components
        let milliseconds =
            (Int(now.tv_sec) - Int(age.seconds)) * 1000 + now.tv_nsec / 1_000_000 - Int(age.attoseconds / 1_000_000_000_000_000)
        return max(0, milliseconds)
    }
}
