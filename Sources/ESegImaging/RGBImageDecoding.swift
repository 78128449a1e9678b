import ESegRuntime

extension RGBImage {
    /// Reads a JPEG (gray, YCbCr, RGB, CMYK, YCCK) or PNG (any color type and depth) file as 8-bit RGB, upright.
    ///
    /// The pixels are those that training pipelines feed (Pillow, OpenCV, torchvision): alpha is dropped, of 16-bit samples the high byte is
    /// taken, color profiles and gamma are ignored; an EXIF orientation is applied, one in XMP is not. `docs/images.md` says where Pillow and
    /// OpenCV differ from each other. Throws `ImageError` for what is not an image, exceeds
    /// `ImageLimits`, or is damaged or incomplete.
    public init(contentsOf path: String) throws(ImageError) {
        try self.init(EncodedImage(contentsOf: path))
    }

    /// Decodes a JPEG or PNG file held in memory; `name` stands for the file in errors.
    public init(encoded bytes: [UInt8], name: String) throws(ImageError) {
        try self.init(EncodedImage(bytes: bytes, file: name))
    }

    private init(_ encoded: EncodedImage) throws(ImageError) {
        let orientation = encoded.orientation, size = orientation.shown(encoded.width, encoded.height)
        var pixels = [UInt8](repeating: 0, count: size.width * size.height * 3)
        try encoded.decodeRGB(turned: orientation, into: &pixels)
        self.init(width: size.width, height: size.height, pixels: pixels)
    }
}
