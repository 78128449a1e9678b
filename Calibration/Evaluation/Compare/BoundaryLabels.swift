/// The part of a label map that boundary IoU looks at: pixels within `radius` of a label edge, by Chebyshev distance.
///
/// A pixel belongs to it if a pixel with another label is at most `radius` rows and columns away; so the band has `radius` pixels on each
/// side of an edge. Ignored labels make edges like any other.
public enum BoundaryLabels {
    /// The distance that ``Comparer`` uses.
    public static let radius = 3
    /// Marks a pixel that is not counted.
    public static let ignored: UInt8 = 255

    /// `labels` (width · height, row-major) with every pixel away from an edge set to `ignored`; all of them if the sizes do not match.
    public static func restrict(_ labels: [UInt8], width: Int, height: Int, radius: Int = radius) -> [UInt8] {
        guard width > 0, height > 0, radius > 0, labels.count == width * height else {
            return [UInt8](repeating: ignored, count: labels.count)
        }
        let lowest = extreme(of: labels, width: width, height: height, radius: radius, choose: min)
        let highest = extreme(of: labels, width: width, height: height, radius: radius, choose: max)
        return labels.indices.map { lowest[$0] == highest[$0] ? ignored : labels[$0] }
    }

    /// The least or greatest label in the square window around each pixel, cut at the map's border.
    private static func extreme(
        of labels: [UInt8], width: Int, height: Int, radius: Int, choose: (UInt8, UInt8) -> UInt8
    ) -> [UInt8] {
        var rows = labels
        for y in 0..<height {
            for x in 0..<width {
                var value = labels[y * width + x]
                for near in max(0, x - radius)...min(width - 1, x + radius) { value = choose(value, labels[y * width + near]) }
                rows[y * width + x] = value
            }
        }
        var both = rows
        for y in 0..<height {
            for near in max(0, y - radius)...min(height - 1, y + radius) where near != y {
                for x in 0..<width { both[y * width + x] = choose(both[y * width + x], rows[near * width + x]) }
            }
        }
        return both
    }
}
