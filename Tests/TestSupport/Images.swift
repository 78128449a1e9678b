import ESegImaging
import ESegRuntime

extension RGBImage {
    /// Smooth, unlike in every pixel, and without symmetry.
    package static func gradient(width: Int, height: Int) -> RGBImage {
        let pixels = (0..<width * height).flatMap { i -> [UInt8] in
            let (x, y) = (i % width, i / width)
            let blue: Int = (x * 2 + y) * 80 / (2 * width + height)
            return [UInt8(x * 255 / width), UInt8(y * 255 / height), UInt8(blue)]
        }
        return RGBImage(width: width, height: height, pixels: pixels)
    }

    package static func flat(width: Int, height: Int, _ color: [UInt8]) -> RGBImage {
        RGBImage(width: width, height: height, pixels: (0..<width * height).flatMap { _ in color })
    }

    package func pixel(_ x: Int, _ y: Int) -> [UInt8] { Array(pixels[(y * width + x) * 3..<(y * width + x) * 3 + 3]) }
}

/// Whether two colors are the same up to what JPEG may lose on flat areas.
package func close(_ a: [UInt8], _ b: [UInt8], within tolerance: Int = 4) -> Bool {
    a.count == b.count && zip(a, b).allSatisfy { abs(Int($0) - Int($1)) <= tolerance }
}

/// The error that `body` ends with, or nil where it ends well or with another kind.
package func imageError<Result>(_ body: () throws -> Result) -> ImageError? {
    do {
        _ = try body()
        return nil
    } catch {
        return error as? ImageError
    }
}
