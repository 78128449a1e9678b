/// Finds a class map's regions, pixels of one class that touch at their sides, and the borders between them.
///
/// A border runs along the sides of pixels, with its region on the right hand: the outer one as a clock's hand does where rows go down. It is
/// told by its corners, where it turns. Filled by the rule of even and odd, a region's borders give its pixels again. The memory serves one
/// map after the other.
struct RegionTracer {
    struct Region {
        let classIndex: Int
        let area: Int
        /// The outer border; those of holes follow by `Border.next`.
        let outerBorder: Int
        fileprivate var lastBorder: Int
    }

    struct Border {
        /// Where its corners are in `corners`.
        let corners: Range<Int>
        /// The region's next border; nil at the last.
        fileprivate(set) var next: Int?
    }

    struct Corner: Equatable {
        var x: Int32
        var y: Int32
    }

    /// From top to bottom and left to right by each region's first pixel.
    private(set) var regions: [Region] = []
    private(set) var borders: [Border] = []
    private(set) var corners: [Corner] = []
    private var runs = ConnectedRuns()
    /// The region of the runs' roots, -1 where it has none yet.
    private var regionOfRoot: [Int] = []
    /// The pixels along whose upper side a border has gone.
    private var isTraced: [Bool] = []

    /// Traces a map of width · height class indices.
    mutating func trace(_ classes: [UInt8], width: Int, height: Int) {
        regions.removeAll(keepingCapacity: true)
        borders.removeAll(keepingCapacity: true)
        corners.removeAll(keepingCapacity: true)
        runs.connect(classes, width: width, height: height)
        reset(pixels: width * height)
        classes.withUnsafeBufferPointer { classes in
            let map = Map(classes: classes, width: width, height: height)
            for run in runs.runs.indices { traceBorders(above: run, in: map) }
        }
    }

    private mutating func reset(pixels: Int) {
        if isTraced.count != pixels { isTraced = [Bool](repeating: false, count: pixels) }
        for pixel in isTraced.indices { isTraced[pixel] = false }
        regionOfRoot.removeAll(keepingCapacity: true)
        for _ in runs.runs { regionOfRoot.append(-1) }
    }

    /// Traces the borders that begin along the upper side of a run's pixels.
    private mutating func traceBorders(above index: Int, in map: Map) {
        let run = runs.runs[index], y = Int(run.row)
        for x in Int(run.start)..<Int(run.end) {
            guard !isTraced[y * map.width + x], y == 0 || map.classes[(y - 1) * map.width + x] != map.classes[y * map.width + x] else {
                continue
            }
            let start = corners.count
            followBorder(of: map.classes[y * map.width + x], from: Corner(x: Int32(x), y: Int32(y)), in: map)
            add(Border(corners: start..<corners.count, next: nil), toRegionOf: index, map.classes[y * map.width + x])
        }
    }

    /// A region's first border is its outer one, which its uppermost pixel has.
    private mutating func add(_ border: Border, toRegionOf run: Int, _ classIndex: UInt8) {
        let root = runs.root(of: run), region = regionOfRoot[root], number = borders.count
        borders.append(border)
        if region < 0 {
            regionOfRoot[root] = regions.count
            regions.append(
                Region(classIndex: Int(classIndex), area: runs.area(ofRoot: root), outerBorder: number, lastBorder: number))
        } else {
            borders[regions[region].lastBorder].next = number
            regions[region].lastBorder = number
        }
    }

    /// Follows a border once around, from a corner to the right. Where two pixels of the class touch at a corner only, the border stays with
    /// the one that it came along.
    private mutating func followBorder(of classIndex: UInt8, from start: Corner, in map: Map) {
        var at = start, heading = Heading.right
        corners.append(start)
        while true {
            if heading == .right { isTraced[Int(at.y) * map.width + Int(at.x)] = true }
            heading.step(&at)
            let before = heading
            if !map.has(classIndex, heading.pixelOnTheRight(of: at)) {
                heading = heading.turnedRight
            } else if map.has(classIndex, heading.pixelOnTheLeft(of: at)) {
                heading = heading.turnedLeft
            }
            if at == start && heading == .right { return }
            if heading != before { corners.append(at) }
        }
    }

    private struct Map {
        let classes: UnsafeBufferPointer<UInt8>
        let width: Int
        let height: Int

        func has(_ classIndex: UInt8, _ pixel: Corner) -> Bool {
            let x = Int(pixel.x), y = Int(pixel.y)
            return x >= 0 && y >= 0 && x < width && y < height && classes[y * width + x] == classIndex
        }
    }
}

/// Where a border goes.
private enum Heading {
    case right, down, left, up

    func step(_ corner: inout RegionTracer.Corner) {
        switch self {
        case .right: corner.x += 1
        case .down: corner.y += 1
        case .left: corner.x -= 1
        case .up: corner.y -= 1
        }
    }

    var turnedRight: Heading {
        switch self {
        case .right: .down
        case .down: .left
        case .left: .up
        case .up: .right
        }
    }

    var turnedLeft: Heading { turnedRight.turnedRight.turnedRight }

    /// The pixel ahead of a corner on the right hand.
    func pixelOnTheRight(of corner: RegionTracer.Corner) -> RegionTracer.Corner {
        switch self {
        case .right: corner
        case .down: .init(x: corner.x - 1, y: corner.y)
        case .left: .init(x: corner.x - 1, y: corner.y - 1)
        case .up: .init(x: corner.x, y: corner.y - 1)
        }
    }

    /// The pixel ahead of a corner on the left hand.
    func pixelOnTheLeft(of corner: RegionTracer.Corner) -> RegionTracer.Corner { turnedLeft.pixelOnTheRight(of: corner) }
}
