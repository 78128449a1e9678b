/// Class maps as lines of JSON: for each class that a frame has, its mask in COCO's run lengths.
///
/// A mask's pixels are counted column by column, from the left, each from top to bottom: how many are not of the class, how many are, and so
/// on, to the last pixel.
public final class RunLengthEncoder: FrameEncoder {
    private var line: JSONLine
    private var columns: [UInt8] = []
    private var masks = RunLengthMasks()

    /// One name for each class index.
    public init(classNames: [String]) { line = JSONLine(classNames: classNames) }

    public func use(classNames: [String]) { line.use(classNames: classNames) }

    public func encode(_ frame: StreamFrame, write: (UnsafeRawBufferPointer) throws -> Void) throws {
        transpose(frame)
        masks.count(columns)
        line.begin(frame)
        for index in 0..<256 where masks.areas[index] > 0 {
            line.beginSegment(ofClass: index, area: masks.areas[index])
            line.write(",\"segmentation\":{\"size\":")
            line.writeSize(frame)
            line.write(",\"counts\":[")
            for (place, position) in masks.range(ofClass: index).enumerated() {
                if place > 0 { line.write(",") }
                line.write(masks.counts[position])
            }
            line.write("]}}")
        }
        try line.end(write)
    }

    /// Puts the map's columns one behind the other.
    private func transpose(_ frame: StreamFrame) {
        let width = frame.width, height = frame.height, tile = 32
        if columns.count != width * height { columns = [UInt8](repeating: 0, count: width * height) }
        frame.classes.withUnsafeBufferPointer { rows in
            columns.withUnsafeMutableBufferPointer { columns in
                for top in stride(from: 0, to: height, by: tile) {
                    for x in 0..<width {
                        for y in top..<min(top + tile, height) { columns[x * height + y] = rows[y * width + x] }
                    }
                }
            }
        }
    }
}

/// The run lengths of each class's mask, class by class in one list.
private struct RunLengthMasks {
    private(set) var counts: [Int] = []
    /// How many pixels each class has.
    private(set) var areas = [Int](repeating: 0, count: 256)
    private var starts = [Int](repeating: 0, count: 257)
    /// Where each class's next count goes.
    private var next = [Int](repeating: 0, count: 256)
    /// Up to which pixel each class's counts reach.
    private var reached = [Int](repeating: 0, count: 256)

    func range(ofClass index: Int) -> Range<Int> { starts[index]..<next[index] }

    /// Counts the runs of a map's pixels in their order.
    mutating func count(_ pixels: [UInt8]) {
        for index in 0..<256 { (areas[index], reached[index], starts[index + 1]) = (0, 0, 0) }
        // Two counts for each run, and one for what comes behind a class's last.
        RunLengthMasks.forEachRun(of: pixels) { index, run in
            if areas[index] == 0 { starts[index + 1] = 1 }
            starts[index + 1] += 2
            areas[index] += run.count
        }
        for index in 0..<256 {
            next[index] = starts[index]
            starts[index + 1] += starts[index]
        }
        if counts.count < starts[256] { counts = [Int](repeating: 0, count: starts[256] * 2) }
        RunLengthMasks.forEachRun(of: pixels) { index, run in
            add(run.lowerBound - reached[index], to: index)
            add(run.count, to: index)
            reached[index] = run.upperBound
        }
        for index in 0..<256 where areas[index] > 0 && reached[index] < pixels.count { add(pixels.count - reached[index], to: index) }
    }

    private mutating func add(_ count: Int, to index: Int) {
        counts[next[index]] = count
        next[index] += 1
    }

    private static func forEachRun(of pixels: [UInt8], _ body: (_ index: Int, _ run: Range<Int>) -> Void) {
        pixels.withUnsafeBufferPointer { pixels in
            var start = 0
            while start < pixels.count {
                var end = start + 1
                while end < pixels.count && pixels[end] == pixels[start] { end += 1 }
                body(Int(pixels[start]), start..<end)
                start = end
            }
        }
    }
}
