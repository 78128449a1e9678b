import ESegRuntime

/// Class maps in memory, as runs of pixels of one class, as many as fit into 256 MiB: some thousand frames of a street at 2048×1024.
/// Those beyond are not kept, and are to be computed again.
struct ClassMapStore {
    fileprivate struct Runs {
        let width: Int
        let height: Int
        /// Pairs of a length in 1...255 and a class.
        let bytes: [UInt8]
    }

    private let capacity: Int
    private var held = 0
    private var maps: [Runs?]

    init(count: Int, capacity: Int = 256 << 20) { (maps, self.capacity) = (Array(repeating: nil, count: count), capacity) }

    /// nil for a map that was not set or did not fit.
    subscript(index: Int) -> ClassMap? {
        get { maps[index].map(ClassMap.init) }
        set {
            held -= maps[index]?.bytes.count ?? 0
            maps[index] = newValue.map(Runs.init)
            held += maps[index]?.bytes.count ?? 0
            guard held > capacity else { return }
            held -= maps[index]?.bytes.count ?? 0
            maps[index] = nil
        }
    }
}

extension ClassMapStore.Runs {
    fileprivate init(_ map: ClassMap) {
        var bytes: [UInt8] = [], length: UInt8 = 0
        for (index, value) in map.classes.enumerated() {
            if index > 0, length == .max || value != map.classes[index - 1] {
                bytes += [length, map.classes[index - 1]]
                length = 0
            }
            length += 1
        }
        if let last = map.classes.last { bytes += [length, last] }
        self.init(width: map.width, height: map.height, bytes: bytes)
    }
}

extension ClassMap {
    fileprivate init(_ runs: ClassMapStore.Runs) {
        var classes: [UInt8] = []
        classes.reserveCapacity(runs.width * runs.height)
        for run in stride(from: 0, to: runs.bytes.count, by: 2) {
            classes += repeatElement(runs.bytes[run + 1], count: Int(runs.bytes[run]))
        }
        self.init(width: runs.width, height: runs.height, classes: classes)
    }
}
