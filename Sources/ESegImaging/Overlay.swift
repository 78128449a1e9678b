import ESegRuntime

extension ClassMap {
    /// The classes' colors alone.
    public func colored(palette: Palette) -> RGBImage {
        RGBImage(width: width, height: height, pixels: classes.flatMap { [palette[$0].red, palette[$0].green, palette[$0].blue] })
    }

    /// The classes' colors blended over a frame of the map's size; `opacity` of 256 hides the frame.
    public func overlaid(on frame: RGBImage, palette: Palette, opacity: Int = 128) -> RGBImage {
        precondition(frame.width == width && frame.height == height)
        var pixels = frame.pixels
        Tint(palette: palette, opacity: opacity).apply(classes, to: &pixels)
        return RGBImage(width: width, height: height, pixels: pixels)
    }
}

/// Blends classes' colors over pixels.
struct Tint {
    /// Weight of the pixels, out of 256.
    private let transparency: Int
    /// For each class the weighted color, and one half to round with.
    private let tints: [Int]

    init(palette: Palette, opacity: Int) {
        let alpha = min(max(opacity, 0), 256)
        transparency = 256 - alpha
        tints = palette.triples.map { Int($0) * alpha + 128 }
    }

    /// `pixels` holds three bytes for each of `classes`.
    func apply(_ classes: [UInt8], to pixels: inout [UInt8]) {
        pixels.withUnsafeMutableBufferPointer { pixels in
            for (i, index) in classes.enumerated() {
                for c in 0..<3 {
                    pixels[3 * i + c] = UInt8((Int(pixels[3 * i + c]) * transparency + tints[3 * Int(index) + c]) >> 8)
                }
            }
        }
    }
}
