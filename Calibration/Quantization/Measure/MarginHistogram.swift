import ESegNetwork

/// Pixels counted by the size of their margins, all of them and those whose class int8 changes: 64 bins for each doubling.
struct MarginHistogram {
    private(set) var pixels = [Int](repeating: 0, count: Self.bins)
    private(set) var flips = [Int](repeating: 0, count: Self.bins)

    /// Bits of a float's fraction that tell bins apart.
    private static let bits: UInt32 = 6
    private static let dropped = UInt32(Float.significandBitCount) - bits
    /// From 2^-32, below which margins share the first bin, to 2^64.
    private static let first = Float(sign: .plus, exponent: -32, significand: 1)
    private static let bins = 96 << Int(bits)

    mutating func add(_ margin: Float, isFlip: Bool) {
        let bits = max(margin, Self.first).bitPattern - Self.first.bitPattern
        let bin = min(Int(bits >> Self.dropped), Self.bins - 1)
        pixels[bin] += 1
        if isFlip { flips[bin] += 1 }
    }

    mutating func add(_ other: MarginHistogram) {
        for bin in 0..<Self.bins {
            pixels[bin] += other.pixels[bin]
            flips[bin] += other.flips[bin]
        }
    }

    var flipCount: Int { flips.reduce(0, +) }

    /// The margin below which as many flips are as can be had for pixels of which each must be worth `least` of a flip; nil where none is.
    func margin(worth least: Double) -> Float? {
        var gain = 0.0, most = 0.0, found: Int?
        for bin in 0..<Self.bins {
            gain += Double(flips[bin]) - least * Double(pixels[bin])
            if gain > most { (most, found) = (gain, bin) }
        }
        return found.map(Self.end)
    }

    /// The margin below which such a share of the flips is; nil where there are none.
    func margin(holding share: Double) -> Float? {
        let wanted = share * Double(flipCount)
        var held = 0
        for bin in 0..<Self.bins {
            held += flips[bin]
            if held > 0, Double(held) >= wanted { return Self.end(bin) }
        }
        return nil
    }

    /// The widest margin below which at most such a share of the pixels is.
    func margin(ofPixels share: Double) -> Float {
        let most = share * Double(pixels.reduce(0, +))
        var below = 0
        for bin in 0..<Self.bins {
            below += pixels[bin]
            if Double(below) > most { return bin == 0 ? 0 : Self.end(bin - 1) }
        }
        return Self.end(Self.bins - 1)
    }

    /// The shares of pixels and of flips below a margin that ends a bin.
    func shares(below margin: Float) -> DoubtCalibration.Seen {
        let end = (0..<Self.bins).first { Self.end($0) >= margin } ?? Self.bins - 1
        func share(_ counts: [Int]) -> Double {
            let all = counts.reduce(0, +)
            return all == 0 ? 0 : Double(counts[...end].reduce(0, +)) / Double(all)
        }
        return DoubtCalibration.Seen(pixels: share(pixels), flips: share(flips))
    }

    private static func end(_ bin: Int) -> Float { Float(bitPattern: first.bitPattern + UInt32(bin + 1) << dropped) }
}
