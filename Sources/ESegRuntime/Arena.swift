import Kernels

/// One block of memory in which maps that are never alive at the same time share addresses.
struct Arena {
    struct Request {
        /// The node whose map this is; nil for a step's scratch.
        var node: Int?
        var bytes: Int
        /// Steps during which the content must stay.
        var lives: ClosedRange<Int>
    }

    private(set) var bytes = 0
    private var memory: MemoryPool?
    private var base: UnsafeMutablePointer<UInt8>?
    private var offsets: [Int?] = []
    private var scratchOffsets: [Int: Int] = [:]

    /// An arena without memory, for dry runs.
    init() {}

    /// Places the largest first, each at the lowest address that is free during its life.
    ///
    /// - Parameter isDry: it takes no memory, and only `bytes` is known.
    init(_ requests: [Request], nodes: Int, isDry: Bool = false) throws(RuntimeError) {
        offsets = Array(repeating: nil, count: nodes)
        var placed: [(offset: Int, request: Request)] = []
        for request in requests.sorted(by: { $0.bytes > $1.bytes }) where request.bytes > 0 {
            let size = Arena.aligned(request.bytes)
            var offset = 0
            for other in placed.filter({ $0.request.lives.overlaps(request.lives) }).sorted(by: { $0.offset < $1.offset }) {
                if offset + size <= other.offset { break }
                offset = max(offset, other.offset + Arena.aligned(other.request.bytes))
            }
            placed.append((offset, request))
            bytes = max(bytes, offset + size)
            if let node = request.node { offsets[node] = offset } else { scratchOffsets[request.lives.lowerBound] = offset }
        }
        guard !isDry else { return }
        let pool = MemoryPool()
        base = try pool.allocate(UInt8.self, count: bytes)
        memory = pool
    }

    private static func aligned(_ bytes: Int) -> Int { (bytes + 63) & ~63 }

    /// Where a node's map lies; nil where it has none, and in a dry run.
    func map(of node: Int) -> UnsafeMutablePointer<UInt8>? {
        guard offsets.indices.contains(node), let offset = offsets[node] else { return nil }
        return address(offset)
    }

    /// Scratch of the step at that time.
    func scratch(of step: Int) -> UnsafeMutablePointer<UInt8>? { address(scratchOffsets[step] ?? 0) }

    private func address(_ offset: Int) -> UnsafeMutablePointer<UInt8>? { base.map { $0 + offset } }
}
