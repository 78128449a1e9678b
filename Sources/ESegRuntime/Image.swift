/// An 8-bit RGB image, rows top to bottom, three bytes a pixel.
public struct RGBImage: Sendable, Equatable {
    public let width: Int
    public let height: Int
    /// width · height · 3 values.
    public var pixels: [UInt8]

    /// - Precondition: width and height are positive and `pixels` has width · height · 3 values.
    public init(width: Int, height: Int, pixels: [UInt8]) {
        precondition(width > 0 && height > 0 && pixels.count == width * height * 3)
        self.width = width
        self.height = height
        self.pixels = pixels
    }
}

/// One class index per pixel, rows top to bottom.
public struct ClassMap: Sendable, Equatable {
    public let width: Int
    public let height: Int
    /// width · height values.
    public var classes: [UInt8]

    /// - Precondition: width and height are positive and `classes` has width · height values.
    public init(width: Int, height: Int, classes: [UInt8]) {
        precondition(width > 0 && height > 0 && classes.count == width * height)
        self.width = width
        self.height = height
        self.classes = classes
    }
}
