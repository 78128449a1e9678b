import ImageCodecs

/// The true class of every pixel of a frame, rows top to bottom.
public struct LabelMap: Sendable, Equatable {
    /// Marks pixels that have no class and count nowhere.
    public static let ignored: UInt8 = 255

    public let width: Int
    public let height: Int
    /// width · height values, each below the count of classes or `ignored`.
    public let classes: [UInt8]
    /// Pixels by indices that are no classes, and became `ignored`: those of a numbering that is not the network's.
    public let unknown: [UInt8: Int]

    public init(width: Int, height: Int, classes: [UInt8], unknown: [UInt8: Int] = [:]) {
        precondition(width > 0 && height > 0 && classes.count == width * height)
        self.width = width
        self.height = height
        self.classes = classes
        self.unknown = unknown
    }

    /// Reads an 8-bit gray PNG, or a palette PNG, whose samples are class indices; indices from `classCount` up become `ignored`.
    ///
    /// Throws `ImageError` for any other kind of image: samples that are scaled, blended or lossy are not indices.
    public init(contentsOf path: String, classCount: Int) throws(ImageError) {
        let encoded = try EncodedImage(contentsOf: path)
        let isIndexed = encoded.samples == IMAGE_SAMPLES_PALETTE || (encoded.samples == IMAGE_SAMPLES_GRAY && encoded.bitDepth == 8)
        guard encoded.format == .png, isIndexed else {
            throw ImageError(
                file: path, field: "label format", found: encoded.kind, expected: "an 8-bit gray or palette PNG of class indices")
        }
        var classes = try encoded.decodeIndices(), counts = [Int](repeating: 0, count: 256)
        for (pixel, index) in classes.enumerated() where Int(index) >= classCount && index != LabelMap.ignored {
            counts[Int(index)] += 1
            classes[pixel] = LabelMap.ignored
        }
        let unknown = counts.enumerated().filter { $0.element > 0 }.map { (UInt8($0.offset), $0.element) }
        self.init(
            width: encoded.width, height: encoded.height, classes: classes,
            unknown: Dictionary(unknown, uniquingKeysWith: +))
    }
}
