import CESeg
import ESegNetwork
import PixelFormats

/// An image in the caller's memory, checked.
struct SourceImage {
    private enum Picture {
        case packed(image_packed)
        case yuv(image_yuv)
    }

    private let size: MapSize
    private let picture: Picture

    /// - Throws: `CallError` for another size than the session's, a format that there is not, a plane or stride that cannot be.
    init(_ image: eseg_image, size: MapSize) throws(CallError) {
        self.size = size
        guard image.width == Int32(size.width), image.height == Int32(size.height) else {
            throw .argument("image size", found: "\(image.width)x\(image.height)", expected: "\(size), the session's")
        }
        guard let first = image.planes.0 else { throw .null("image.planes[0]") }
        func rows(_ bytes: Int) throws(CallError) -> Int {
            try Rows(first, stride: image.strides.0, rowBytes: bytes, rows: size.height, "image.strides[0]").stride
        }
        let chroma = (width: (size.width + 1) / 2, height: (size.height + 1) / 2)
        switch image.format {
        case ESEG_NV12:
            var yuv = SourceImage.yuv(IMAGE_YUV_NV12, size, first, stride: try rows(size.width))
            guard let second = image.planes.1 else { throw .null("image.planes[1]") }
            let stride = try Rows(second, stride: image.strides.1, rowBytes: 2 * chroma.width, rows: chroma.height, "image.strides[1]")
                .stride
            yuv.planes.1 = second
            yuv.strides.1 = stride
            picture = .yuv(yuv)
        case ESEG_YUYV:
            picture = .yuv(SourceImage.yuv(IMAGE_YUV_YUYV, size, first, stride: try rows(4 * chroma.width)))
        default:
            guard let order = SourceImage.order(image.format) else {
                throw .argument("image.format", found: "\(image.format.rawValue)", expected: "a format of eseg_format's")
            }
            let stride = try rows(size.width * Int(image_packed_pixel_bytes(order)))
            picture = .packed(
                image_packed(order: order, width: UInt32(size.width), height: UInt32(size.height), pixels: first, stride: stride))
        }
    }

    /// Height · width · 3 RGB bytes: the caller's own where they lie like that, else converted in `memory`.
    func rgb(in memory: Memory) -> UnsafeBufferPointer<UInt8> {
        switch picture {
        case .packed(var packed):
            if packed.order == IMAGE_PACKED_RGB, packed.stride == 3 * size.width {
                return UnsafeBufferPointer(start: packed.pixels, count: 3 * size.width * size.height)
            }
            image_packed_to_rgb(&packed, memory.bytes.baseAddress)
        case .yuv(var yuv):
            image_yuv_to_rgb(&yuv, memory.bytes.baseAddress)
        }
        return UnsafeBufferPointer(memory.bytes)
    }

    private static func order(_ format: eseg_format) -> image_packed_order? {
        switch format {
        case ESEG_RGB: IMAGE_PACKED_RGB
        case ESEG_BGR: IMAGE_PACKED_BGR
        case ESEG_RGBA: IMAGE_PACKED_RGBA
        case ESEG_BGRA: IMAGE_PACKED_BGRA
        case ESEG_GRAY: IMAGE_PACKED_GRAY
        default: nil
        }
    }

    private static func yuv(_ layout: image_yuv_layout, _ size: MapSize, _ plane: UnsafePointer<UInt8>, stride: Int) -> image_yuv {
        var yuv = image_yuv()
        yuv.layout = layout
        yuv.width = UInt32(size.width)
        yuv.height = UInt32(size.height)
        yuv.planes.0 = plane
        yuv.strides.0 = stride
        return yuv
    }
}
