import ESegRuntime

extension RGBImage {
    /// Reads a JPEG (gray, YCbCr, RGB, CMYK, YCCK) or PNG (any color type and depth) file as 8-bit RGB, upright.
    ///
    /// The pixels are those that training pipelines feed (Pillow, OpenCV, torchvision): alpha is dropped, 16-bit samples are scaled to 8,
    /// color profiles are ignored; a JPEG's EXIF orientation is applied. Throws `ImageError` for what is not an image, exceeds
    /// `ImageLimits`, or is damaged or incomplete.
    public init(contentsOf path: String) throws(ImageError) {
        try self.init(EncodedImage(contentsOf: path))
    }

    /// Decodes a JPEG or PNG file held in memory; `name` stands for the file in errors.
    public init(encoded bytes: [UInt8], name: String) throws(ImageError) {
        try self.init(EncodedImage(bytes: bytes, file: name))
    }

    private init(_ encoded: EncodedImage) throws(ImageError) {
        let orientation = encoded.format == .jpeg ? encoded.bytes.withUnsafeBufferPointer(Orientation.init(jpeg:)) : .upright
        let upright = try encoded.decodeRGB().turned(orientation)
        self.init(width: upright.width, height: upright.height, pixels: upright.values)
    }
}
