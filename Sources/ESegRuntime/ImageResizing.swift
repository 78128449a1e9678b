extension RGBImage {
    /// The image at another size: bilinear with half-pixel centers, its triangle stretched to cover every source pixel when shrinking.
    ///
    /// This is the filter of Pillow's `BILINEAR` and of antialiased resizing elsewhere, in integers throughout: the same bytes everywhere.
    public func resized(width newWidth: Int, height newHeight: Int) -> RGBImage {
        precondition(newWidth > 0 && newHeight > 0)
        if newWidth == width && newHeight == height { return self }
        var resizer = Resizer(from: (width, height), to: (newWidth, newHeight))
        pixels.withUnsafeBufferPointer { resizer.resize($0) }
        return RGBImage(width: newWidth, height: newHeight, pixels: resizer.pixels)
    }
}

/// Resizes images of one size to another, one after the other, in memory that it keeps.
package struct Resizer {
    /// The last image at its new size.
    package private(set) var pixels: [UInt8]
    private let columns: ResampledAxis
    private let rows: ResampledAxis
    private var resampledRows: [UInt16]
    private var sums: [Int32]
    /// Bytes of what it keeps.
    package var bytes: Int { pixels.count + 2 * resampledRows.count + 4 * sums.count }

    /// The same of one that is not there yet.
    package static func bytes(from: (width: Int, height: Int), to: (width: Int, height: Int)) -> Int {
        3 * to.width * to.height + 6 * from.height * to.width + 12 * to.width
    }

    package init(from: (width: Int, height: Int), to: (width: Int, height: Int)) {
        columns = ResampledAxis(from: from.width, to: to.width)
        rows = ResampledAxis(from: from.height, to: to.height)
        resampledRows = Array(repeating: 0, count: from.height * to.width * 3)
        sums = Array(repeating: 0, count: to.width * 3)
        pixels = Array(repeating: 0, count: to.width * to.height * 3)
    }

    /// Leaves the result of RGB bytes in `pixels`.
    package mutating func resize(_ image: UnsafeBufferPointer<UInt8>) {
        resampledRows.withUnsafeMutableBufferPointer { resampledRows in
            columns.resampleRows(image, height: rows.sourceLength, into: resampledRows)
            sums.withUnsafeMutableBufferPointer { sums in
                pixels.withUnsafeMutableBufferPointer { rows.resampleColumns(UnsafeBufferPointer(resampledRows), sums: sums, into: $0) }
            }
        }
    }
}

/// The triangle filter along one axis, normalized to integers that sum to 2^14 for every output position.
struct ResampledAxis {
    static let weightBits = 14
    /// Fraction bits that the intermediate rows keep beyond the pixel's eight.
    static let fractionBits = 8

    let sourceLength: Int
    /// First source position of each output position.
    let starts: [Int]
    /// Where in `weights` each output position's begin, and one more for the end.
    let offsets: [Int]
    let weights: [Int32]

    /// Source i weighs max(0, 1 − |i + ½ − (x + ½)·from/to| / max(1, from/to)) for output x, here times 2 · to · max(1, from/to).
    init(from sourceLength: Int, to length: Int) {
        let support = max(sourceLength, length)
        var starts: [Int] = [], offsets = [0], weights: [Int32] = []
        for x in 0..<length {
            let center = (2 * x + 1) * sourceLength
            func weight(_ i: Int) -> Int { max(0, 2 * support - abs((2 * i + 1) * length - center)) }
            let first = max(0, (center - 2 * support) / (2 * length))
            let last = min(sourceLength - 1, (center + 2 * support) / (2 * length))
            let total = (first...last).reduce(0) { $0 + weight($1) }
            var sum = 0, rounded = 0
            for i in first...last {
                sum += weight(i)
                let next = (sum << ResampledAxis.weightBits) / total
                weights.append(Int32(next - rounded))
                rounded = next
            }
            starts.append(first)
            offsets.append(weights.count)
        }
        self.sourceLength = sourceLength
        self.starts = starts
        self.offsets = offsets
        self.weights = weights
    }

    /// Along rows of RGB bytes; results in 1/256.
    func resampleRows(_ source: UnsafeBufferPointer<UInt8>, height: Int, into out: UnsafeMutableBufferPointer<UInt16>) {
        let shift = ResampledAxis.weightBits - ResampledAxis.fractionBits
        for y in 0..<height {
            for x in starts.indices {
                var position = (y * sourceLength + starts[x]) * 3
                var red = Int32(1) << (shift - 1), green = red, blue = red
                for k in offsets[x]..<offsets[x + 1] {
                    red += Int32(source[position]) * weights[k]
                    green += Int32(source[position + 1]) * weights[k]
                    blue += Int32(source[position + 2]) * weights[k]
                    position += 3
                }
                let target = (y * starts.count + x) * 3
                out[target] = UInt16(red >> shift)
                out[target + 1] = UInt16(green >> shift)
                out[target + 2] = UInt16(blue >> shift)
            }
        }
    }

    /// Down columns of such results, rounded to bytes; `sums` has room for a row.
    func resampleColumns(
        _ source: UnsafeBufferPointer<UInt16>, sums: UnsafeMutableBufferPointer<Int32>, into out: UnsafeMutableBufferPointer<UInt8>
    ) {
        let shift = ResampledAxis.weightBits + ResampledAxis.fractionBits
        let rowLength = sums.count
        for y in starts.indices {
            for i in 0..<rowLength { sums[i] = 1 << (shift - 1) }
            for k in offsets[y]..<offsets[y + 1] {
                let row = (starts[y] + k - offsets[y]) * rowLength
                let weight = weights[k]
                for i in 0..<rowLength { sums[i] += Int32(source[row + i]) * weight }
            }
            for i in 0..<rowLength { out[y * rowLength + i] = UInt8(sums[i] >> shift) }
        }
    }
}
