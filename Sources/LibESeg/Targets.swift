import CESeg
import ESegNetwork
import ESegRuntime

/// Where the results of an image go, in the caller's memory, checked.
struct Targets {
    let classes: TargetMap?
    let doubt: TargetMap?
    let logits: UnsafeMutablePointer<Int16>?

    /// - Throws: `CallError` for a stride that cannot be, too little room, or where nothing is wanted.
    init(_ result: eseg_result, size: MapSize, logits shape: Shape) throws(CallError) {
        guard result.classes != nil || result.doubt != nil || result.logits != nil else {
            throw .argument("result", found: "NULL for all", expected: "a place for classes, doubt or logits")
        }
        classes = try result.classes.map { (base) throws(CallError) in
            try TargetMap(base, stride: result.classes_stride, size: size, "result.classes_stride")
        }
        doubt = try result.doubt.map { (base) throws(CallError) in
            try TargetMap(base, stride: result.doubt_stride, size: size, "result.doubt_stride")
        }
        if result.logits != nil, result.logit_count < shape.count {
            throw .argument(
                "result.logit_count", found: "\(UInt(bitPattern: result.logit_count))", expected: "\(shape.count) or more")
        }
        logits = result.logits
    }
}

/// A map of one byte a pixel in the caller's memory.
struct TargetMap {
    private let base: UnsafeMutablePointer<UInt8>
    private let size: MapSize
    private let rows: Rows

    /// The whole map, where rows have no gaps and it has that size.
    func buffer(of size: MapSize) -> UnsafeMutableBufferPointer<UInt8>? {
        guard rows.isContiguous, size == self.size else { return nil }
        return UnsafeMutableBufferPointer(start: base, count: size.width * size.height)
    }

    init(_ base: UnsafeMutablePointer<UInt8>, stride: Int, size: MapSize, _ name: String) throws(CallError) {
        self.base = base
        self.size = size
        rows = try Rows(base, stride: stride, rowBytes: size.width, rows: size.height, name)
    }

    /// The share of values that are those of doubtful pixels.
    var doubtfulShare: Double {
        var count = 0
        for y in 0..<size.height {
            count += DoubtMap.doubtfulPixels(UnsafeBufferPointer(start: base + y * rows.stride, count: size.width))
        }
        return Double(count) / Double(size.width * size.height)
    }

    /// Takes the value under each pixel's center of a map of another size, or the same.
    func fill(from map: UnsafeBufferPointer<UInt8>, of other: MapSize) {
        resizeClasses(
            map, from: (other.width, other.height), to: (size.width, size.height), into: base, stride: rows.stride)
    }
}
