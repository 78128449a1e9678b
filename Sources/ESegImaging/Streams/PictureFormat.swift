import PixelFormats

/// How the samples of an uncompressed frame lie in memory.
public struct PictureFormat: Sendable, Equatable {
    public enum Layout: String, Sendable, CaseIterable {
        case rgb24, nv12, yuyv, i420
        case yuv422, yuv444, gray
    }

    public var layout: Layout
    /// Luma and chroma use 0...255; otherwise luma 16...235 and chroma 16...240.
    public var isFullRange = false
    public let width: Int
    public let height: Int

    /// Throws `ImageError` for sizes beyond `ImageLimits`.
    init(_ layout: Layout, width: Int, height: Int, name: String, field: String = "size") throws(ImageError) {
        try checkLimits(width: width, height: height, file: name, field: field)
        self.layout = layout
        self.width = width
        self.height = height
    }

    /// Bytes of a row of the first plane, without padding.
    var rowBytes: Int {
        switch layout {
        case .rgb24: width * 3
        case .yuyv: chromaWidth * 4
        case .nv12, .i420, .yuv422, .yuv444, .gray: width
        }
    }

    /// Bytes of a frame whose rows follow each other without padding.
    var byteCount: Int {
        switch layout {
        case .rgb24, .yuyv, .gray: rowBytes * height
        case .nv12, .i420: width * height + 2 * chromaWidth * chromaHeight
        case .yuv422: width * height + 2 * chromaWidth * height
        case .yuv444: 3 * width * height
        }
    }

    private var chromaWidth: Int { (width + 1) / 2 }
    private var chromaHeight: Int { (height + 1) / 2 }

    /// Converts `byteCount` bytes to the frame's RGB.
    func convert(_ bytes: UnsafeBufferPointer<UInt8>, into frame: StreamFrame) {
        convert(bytes, rowStride: rowBytes, into: frame)
    }

    /// The same for rows `rowStride` bytes apart, `rowStride` · height bytes; layouts of one plane only.
    func convert(_ bytes: UnsafeBufferPointer<UInt8>, rowStride: Int, into frame: StreamFrame) {
        guard let base = bytes.baseAddress else { return }
        frame.reshape(width: width, height: height)
        frame.pixels.withUnsafeMutableBufferPointer { pixels in
            guard let target = pixels.baseAddress else { return }
            if layout == .rgb24 {
                for y in 0..<height { (target + y * rowBytes).update(from: base + y * rowStride, count: rowBytes) }
            } else {
                var picture = picture(base, rowStride: rowStride)
                image_yuv_to_rgb(&picture, target)
            }
        }
    }

    private func picture(_ base: UnsafePointer<UInt8>, rowStride: Int) -> image_yuv {
        let chroma = base + rowStride * height
        var picture = image_yuv()
        picture.full_range = isFullRange ? 1 : 0
        picture.width = UInt32(width)
        picture.height = UInt32(height)
        picture.planes.0 = base
        picture.strides.0 = rowStride
        func setChroma(_ layout: image_yuv_layout, stride: Int, planeBytes: Int = 0) {
            picture.layout = layout
            picture.planes.1 = chroma
            picture.planes.2 = chroma + planeBytes
            picture.strides.1 = stride
            picture.strides.2 = stride
        }
        switch layout {
        case .gray, .rgb24: picture.layout = IMAGE_YUV_GRAY
        case .yuyv: picture.layout = IMAGE_YUV_YUYV
        case .nv12: setChroma(IMAGE_YUV_NV12, stride: 2 * chromaWidth)
        case .i420: setChroma(IMAGE_YUV_420, stride: chromaWidth, planeBytes: chromaWidth * chromaHeight)
        case .yuv422: setChroma(IMAGE_YUV_422, stride: chromaWidth, planeBytes: chromaWidth * height)
        case .yuv444: setChroma(IMAGE_YUV_444, stride: width, planeBytes: width * height)
        }
        return picture
    }
}
