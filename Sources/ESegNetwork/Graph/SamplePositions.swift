/// Where the samples of a resize's output lie on its input, in a bilinear resize and when logits are brought to the image's size.
public enum SamplePositions: String, Sendable, Hashable, CaseIterable {
    /// (x + 1/2) · in / out − 1/2: pixels are areas, whose edges meet.
    case halfPixel = "half_pixel"
    /// x · (in − 1) / (out − 1): pixels are points, and the outermost ones meet.
    case alignCorners = "align_corners"
    /// x · in / out.
    case asymmetric
}

/// The size that a resize makes.
public enum ResizeTarget: Sendable, Hashable {
    /// That of another map, the operator's last input.
    case like
    case size(MapSize)
    /// floor(extent · scale); positions then follow from the scale itself.
    case scales(height: Float, width: Float)
}

extension ResizeTarget {
    package static let extents = 1...16384
    /// Of one axis.
    package static let scales: ClosedRange<Float> = 1 / 1024...1024

    /// How many maps a resize reads, one of them for its size alone where there are two.
    var inputs: Int { self == .like ? 2 : 1 }

    var attributes: [(String, JSONValue)] {
        switch self {
        case .like: []
        case .size(let size): [("size", .array([.integer(size.height), .integer(size.width)]))]
        case .scales(let height, let width): [("scales", .array([JSONValue(height), JSONValue(width)]))]
        }
    }

    init(_ fields: inout JSONFields) throws(NetworkError) {
        if fields.has("size") {
            let sides = try fields.integers("size", count: 2...2, in: Self.extents)
            self = .size(MapSize(height: sides[0], width: sides[1]))
        } else if fields.has("scales") {
            let scales = try fields.floats("scales", count: 2)
            self = .scales(height: scales[0], width: scales[1])
        } else {
            self = .like
        }
    }

    func check(_ operation: some GraphOperator) throws(OperatorFault) {
        switch self {
        case .like: break
        case .size(let size):
            let holds = Self.extents.contains(size.height) && Self.extents.contains(size.width)
            try operation.require(holds, "size", "\(size)", "\(Self.extents) a side")
        case .scales(let height, let width):
            let holds = Self.scales.contains(height) && Self.scales.contains(width)
            try operation.require(holds, "scales", "\(height), \(width)", "\(Self.scales)")
        }
    }

    /// The size of the output. Throws where it is out of range.
    func outputSize(_ inputs: [Shape], _ operation: some GraphOperator) throws(OperatorFault) -> MapSize {
        switch self {
        case .like: return inputs[inputs.count - 1].size
        case .size(let size): return size
        case .scales(let height, let width):
            let size = MapSize(height: Int(Float(inputs[0].height) * height), width: Int(Float(inputs[0].width) * width))
            let holds = Self.extents.contains(size.height) && Self.extents.contains(size.width)
            try operation.require(holds, "scales", "a map of \(size)", "\(Self.extents) a side")
            return size
        }
    }

    /// Input extent per output extent of each axis as a fraction of whole numbers, as positions take it.
    package func ratios(from input: Shape, to output: Shape) -> (height: ExactRatio, width: ExactRatio) {
        switch self {
        case .like, .size: (ExactRatio(input.height, output.height), ExactRatio(input.width, output.width))
        case .scales(let height, let width): (ExactRatio(inverseOf: height), ExactRatio(inverseOf: width))
        }
    }
}

/// A fraction of two positive whole numbers.
package struct ExactRatio: Sendable, Equatable {
    package let numerator: Int
    package let denominator: Int

    init(_ numerator: Int, _ denominator: Int) {
        self.numerator = numerator
        self.denominator = denominator
    }

    /// 1 / scale, exactly: a float is a whole number times a power of two.
    init(inverseOf scale: Float) {
        let bits = Float.significandBitCount, exponent = Int(scale.exponent) - bits
        let significand = Int(scale.significandBitPattern) + 1 << bits
        let zeros = significand.trailingZeroBitCount, (whole, power) = (significand >> zeros, exponent + zeros)
        self.init(power < 0 ? 1 << -power : 1, power < 0 ? whole : whole << power)
    }
}
