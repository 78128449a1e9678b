import ESegRuntime

extension ClassMap {
    /// The classes' colours alone.
    public func colored(palette: Palette) -> RGBImage {
        RGBImage(width: width, height: height, pixels: classes.flatMap { [palette[$0].red, palette[$0].green, palette[$0].blue] })
    }

    /// The classes' colours blended over a frame of the map's size; `opacity` of 256 hides the frame.
    public func overlaid(on frame: RGBImage, palette: Palette, opacity: Int = 128) -> RGBImage {
        precondition(frame.width == width && frame.height == height)
        let alpha = min(max(opacity, 0), 256)
        let tints = palette.triples.map { Int($0) * alpha + 128 }
        var pixels = frame.pixels
        pixels.withUnsafeMutableBufferPointer { pixels in
            for (i, index) in classes.enumerated() {
                for c in 0..<3 {
                    pixels[3 * i + c] = UInt8((Int(pixels[3 * i + c]) * (256 - alpha) + tints[3 * Int(index) + c]) >> 8)
                }
            }
        }
        return RGBImage(width: width, height: height, pixels: pixels)
    }
}
