import ESegRuntime

extension RGBImage {
    /// The image at another size: bilinear with half-pixel centres, its triangle widened to cover every source pixel when shrinking.
    ///
    /// This is the filter of Pillow's `BILINEAR` and of antialiased resizing elsewhere, in integers throughout: the same bytes everywhere.
    public func resized(width newWidth: Int, height newHeight: Int) -> RGBImage {
        precondition(newWidth > 0 && newHeight > 0)
        if newWidth == width && newHeight == height { return self }
        let columns = ResampledAxis(from: width, to: newWidth), rows = ResampledAxis(from: height, to: newHeight)
        var wide = [UInt16](repeating: 0, count: height * newWidth * 3)
        wide.withUnsafeMutableBufferPointer { wide in
            pixels.withUnsafeBufferPointer { columns.resampleRows($0, height: height, into: wide) }
        }
        var out = [UInt8](repeating: 0, count: newWidth * newHeight * 3)
        out.withUnsafeMutableBufferPointer { out in
            wide.withUnsafeBufferPointer { rows.resampleColumns($0, rowLength: newWidth * 3, into: out) }
        }
        return RGBImage(width: newWidth, height: newHeight, pixels: out)
    }
}

/// The triangle filter along one axis, normalised to integers that sum to 2^14 for every output position.
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

    /// Down columns of such results, rounded to bytes.
    func resampleColumns(_ source: UnsafeBufferPointer<UInt16>, rowLength: Int, into out: UnsafeMutableBufferPointer<UInt8>) {
        let shift = ResampledAxis.weightBits + ResampledAxis.fractionBits
        var sums = [Int32](repeating: 0, count: rowLength)
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

extension ClassMap {
    /// The map at another size: each pixel takes the class of the one under its centre.
    public func resized(width newWidth: Int, height newHeight: Int) -> ClassMap {
        precondition(newWidth > 0 && newHeight > 0)
        if newWidth == width && newHeight == height { return self }
        let columns = (0..<newWidth).map { (2 * $0 + 1) * width / (2 * newWidth) }
        let classes = (0..<newHeight).flatMap { y in
            let row = (2 * y + 1) * height / (2 * newHeight) * width
            return columns.map { self.classes[row + $0] }
        }
        return ClassMap(width: newWidth, height: newHeight, classes: classes)
    }
}
