/// Class maps as lines of JSON: the borders of each region, pixels of one class that touch at their sides.
///
/// Of a region's rings the first is its outer border, the others are those of its holes; each is a list x, y, x, y, … of the pixels' corners
/// where it turns. Filled by the rule of even and odd they give the region's pixels exactly.
public final class PolygonEncoder: FrameEncoder {
    private var line: JSONLine
    private var tracer = RegionTracer()

    /// One name for each class index.
    public init(classNames: [String]) { line = JSONLine(classNames: classNames) }

    public func use(classNames: [String]) { line.use(classNames: classNames) }

    public func encode(_ frame: StreamFrame, write: (UnsafeRawBufferPointer) throws -> Void) throws {
        tracer.trace(frame.classes, width: frame.width, height: frame.height)
        line.begin(frame)
        for region in tracer.regions {
            line.beginSegment(ofClass: region.classIndex, area: region.area)
            line.write(",\"rings\":")
            var border: Int? = region.outerBorder
            while let number = border {
                line.write(number == region.outerBorder ? "[[" : "],[")
                writeCorners(tracer.borders[number].corners)
                border = tracer.borders[number].next
            }
            line.write("]]}")
        }
        try line.end(write)
    }

    private func writeCorners(_ corners: Range<Int>) {
        for position in corners {
            if position > corners.lowerBound { line.write(",") }
            line.write(Int(tracer.corners[position].x))
            line.write(",")
            line.write(Int(tracer.corners[position].y))
        }
    }
}
