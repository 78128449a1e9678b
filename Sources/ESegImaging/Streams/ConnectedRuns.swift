/// The runs of equal pixels in a class map's rows, and which of them belong together because they touch at their sides.
struct ConnectedRuns {
    struct Run {
        let row: Int32
        let start: Int32
        let end: Int32
        /// A run of the same region that came before; itself for the first, the root.
        fileprivate(set) var parent: Int32
        /// Of a root: how many pixels all its runs have.
        fileprivate var area: Int
    }

    /// Row by row, from left to right.
    private(set) var runs: [Run] = []

    /// The first run of a run's region.
    func root(of run: Int) -> Int {
        var root = run
        while runs[root].parent != root { root = Int(runs[root].parent) }
        return root
    }

    func area(ofRoot root: Int) -> Int { runs[root].area }

    /// Finds the runs of a map of width · height class indices.
    mutating func connect(_ classes: [UInt8], width: Int, height: Int) {
        runs.removeAll(keepingCapacity: true)
        classes.withUnsafeBufferPointer { classes in
            var above = 0..<0
            for y in 0..<height {
                let first = runs.count
                addRuns(ofRow: y, UnsafeBufferPointer(rebasing: classes[y * width..<(y + 1) * width]))
                let row = first..<runs.count
                join(above, row) { classes[(y - 1) * width + $0] == classes[y * width + $0] }
                above = row
            }
        }
        // Parents come first, so that each then is a root.
        for run in runs.indices {
            let root = root(of: run)
            runs[run].parent = Int32(root)
            if root != run { runs[root].area += runs[run].area }
        }
    }

    private mutating func addRuns(ofRow y: Int, _ row: UnsafeBufferPointer<UInt8>) {
        var start = 0
        while start < row.count {
            var end = start + 1
            while end < row.count && row[end] == row[start] { end += 1 }
            runs.append(Run(row: Int32(y), start: Int32(start), end: Int32(end), parent: Int32(runs.count), area: end - start))
            start = end
        }
    }

    /// Joins runs of two rows that lie above each other, where `isSame` at a column that they share.
    private mutating func join(_ above: Range<Int>, _ below: Range<Int>, where isSame: (Int) -> Bool) {
        var upper = above.lowerBound, lower = below.lowerBound
        while upper < above.upperBound && lower < below.upperBound {
            if isSame(Int(max(runs[upper].start, runs[lower].start))) { unite(upper, lower) }
            let (upperEnd, lowerEnd) = (runs[upper].end, runs[lower].end)
            if upperEnd <= lowerEnd { upper += 1 }
            if lowerEnd <= upperEnd { lower += 1 }
        }
    }

    private mutating func unite(_ one: Int, _ other: Int) {
        let roots = (shortenedRoot(of: one), shortenedRoot(of: other))
        runs[max(roots.0, roots.1)].parent = Int32(min(roots.0, roots.1))
    }

    /// The root, the way to which is halved.
    private mutating func shortenedRoot(of run: Int) -> Int {
        var run = run
        while runs[run].parent != run {
            runs[run].parent = runs[Int(runs[run].parent)].parent
            run = Int(runs[run].parent)
        }
        return run
    }
}
