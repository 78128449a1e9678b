import ESegRuntime
import Testing

@testable import ESegImaging

@Suite struct PictureFormatTests {
    /// BT.601 in real numbers.
    private func formula(_ y: UInt8, _ u: UInt8, _ v: UInt8, isFullRange: Bool) -> [Double] {
        let luma = isFullRange ? Double(y) : (Double(y) - 16) * 255 / 219
        let scale = isFullRange ? 1.0 : 255.0 / 224
        let cb = (Double(u) - 128) * scale, cr = (Double(v) - 128) * scale
        return [luma + 1.402 * cr, luma - 0.344136 * cb - 0.714136 * cr, luma + 1.772 * cb].map { min(max($0, 0), 255) }
    }

    /// Samples of a pixel, by the layouts' definitions: where each lies in a frame of rows without padding.
    private func samples(_ bytes: [UInt8], _ format: PictureFormat, _ x: Int, _ y: Int) -> (UInt8, UInt8, UInt8) {
        let (w, h, cw, ch) = (format.width, format.height, (format.width + 1) / 2, (format.height + 1) / 2)
        let luma = bytes[format.layout == .yuyv ? y * cw * 4 + 2 * x : y * w + x]
        switch format.layout {
        case .i420: return (luma, bytes[w * h + y / 2 * cw + x / 2], bytes[w * h + cw * ch + y / 2 * cw + x / 2])
        case .yuv422: return (luma, bytes[w * h + y * cw + x / 2], bytes[w * h + cw * h + y * cw + x / 2])
        case .yuv444: return (luma, bytes[w * h + y * w + x], bytes[2 * w * h + y * w + x])
        case .nv12: return (luma, bytes[w * h + y / 2 * 2 * cw + x / 2 * 2], bytes[w * h + y / 2 * 2 * cw + x / 2 * 2 + 1])
        case .yuyv: return (luma, bytes[y * cw * 4 + x / 2 * 4 + 1], bytes[y * cw * 4 + x / 2 * 4 + 3])
        case .gray, .rgb24: return (luma, 128, 128)
        }
    }

    @Test(arguments: [PictureFormat.Layout.i420, .yuv422, .yuv444, .nv12, .yuyv, .gray], [true, false])
    func conversionIsTheFormulaRounded(layout: PictureFormat.Layout, isFullRange: Bool) throws {
        for (width, height) in [(300, 7), (5, 3), (1, 1), (2, 2)] {
            var format = try PictureFormat(layout, width: width, height: height, name: "test")
            format.isFullRange = isFullRange
            let bytes = (0..<format.byteCount).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 7) }
            let frame = StreamFrame()
            bytes.withUnsafeBufferPointer { format.convert($0, into: frame) }
            for y in 0..<height {
                for x in 0..<width {
                    let (luma, u, v) = samples(bytes, format, x, y)
                    let expected = formula(luma, u, v, isFullRange: isFullRange)
                    let found = frame.pixels[(y * width + x) * 3..<(y * width + x) * 3 + 3]
                    #expect(zip(found, expected).allSatisfy { abs(Double($0) - $1) <= 0.51 }, "\(x), \(y): \(found), \(expected)")
                }
            }
        }
    }

    @Test func whiteAndBlackOfTelevisionAreWhiteAndBlack() throws {
        let format = try PictureFormat(.yuv444, width: 2, height: 1, name: "test")
        let frame = StreamFrame()
        [235, 16, 128, 128, 128, 128].withUnsafeBufferPointer { format.convert($0, into: frame) }
        #expect(frame.pixels == [255, 255, 255, 0, 0, 0])
    }

    @Test func rowsMayBePadded() throws {
        let format = try PictureFormat(.yuyv, width: 2, height: 2, name: "test")
        let frame = StreamFrame()
        let padded: [UInt8] = [235, 128, 16, 128, 1, 2, 16, 128, 235, 128, 3, 4]
        padded.withUnsafeBufferPointer { format.convert($0, rowStride: 6, into: frame) }
        #expect(frame.pixels == [255, 255, 255, 0, 0, 0, 0, 0, 0, 255, 255, 255])
    }
}
