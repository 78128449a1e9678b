import ESegRuntime

/// The four pictures of a compared frame, reduced by a whole factor to at most `maximumWidth`.
struct FramePictures {
    let frame: RGBImage
    let float: RGBImage
    let int8: RGBImage
    /// Flipped pixels in their colors over the dimmed frame, a halo around them so that single ones show in a small picture; a reduced
    /// pixel is flipped if any pixel of its block is.
    let flips: RGBImage

    static let maximumWidth = 1024

    init(_ compared: ComparedFrame, colors: [Color]) {
        let blocks = Blocks(
            width: compared.float.width, height: compared.float.height,
            size: (compared.float.width + FramePictures.maximumWidth - 1) / FramePictures.maximumWidth)
        let photo = compared.frame.image
        frame = blocks.picture { blocks.mean(of: photo, $0, $1) }
        float = blocks.picture { colors.color(of: compared.float.classes[blocks.pixel($0, $1)]) }
        int8 = blocks.picture { colors.color(of: compared.int8.classes[blocks.pixel($0, $1)]) }
        let flip = { (x: Int, y: Int) in blocks.first(x, y) { compared.flip($0)?.color } }
        flips = blocks.picture { x, y in
            flip(x, y) ?? blocks.neighbors(x, y).lazy.compactMap(flip).first?.halo ?? blocks.mean(of: photo, x, y).dimmed
        }
    }
}

/// A raster cut into square blocks, smaller ones at the right and lower border.
private struct Blocks {
    let width: Int
    let height: Int
    let size: Int

    /// One pixel per block, from the position of the block's upper left corner.
    func picture(_ color: (_ x: Int, _ y: Int) -> Color) -> RGBImage {
        let columns = (width + size - 1) / size
        let rows = (height + size - 1) / size
        var pixels: [UInt8] = []
        pixels.reserveCapacity(columns * rows * 3)
        for y in stride(from: 0, to: height, by: size) {
            for x in stride(from: 0, to: width, by: size) {
                let color = color(x, y)
                pixels.append(color.red)
                pixels.append(color.green)
                pixels.append(color.blue)
            }
        }
        return RGBImage(width: columns, height: rows, pixels: pixels)
    }

    func pixel(_ x: Int, _ y: Int) -> Int { y * width + x }

    /// The corners of the blocks above, to the left, to the right and below.
    func neighbors(_ x: Int, _ y: Int) -> [(Int, Int)] {
        [(x, y - size), (x - size, y), (x + size, y), (x, y + size)].filter { (0..<width).contains($0) && (0..<height).contains($1) }
    }

    /// The first of the block's pixels with a value.
    func first<Value>(_ x: Int, _ y: Int, where value: (Int) -> Value?) -> Value? {
        for row in y..<min(height, y + size) {
            for column in x..<min(width, x + size) {
                if let found = value(pixel(column, row)) { return found }
            }
        }
        return nil
    }

    /// The mean of the photo's pixels under the block; the photo's size may differ from the raster's.
    func mean(of photo: RGBImage, _ x: Int, _ y: Int) -> Color {
        var (red, green, blue, count) = (0, 0, 0, 0)
        for row in y..<min(height, y + size) {
            for column in x..<min(width, x + size) {
                let offset = (row * photo.height / height * photo.width + column * photo.width / width) * 3
                red += Int(photo.pixels[offset])
                green += Int(photo.pixels[offset + 1])
                blue += Int(photo.pixels[offset + 2])
                count += 1
            }
        }
        return Color(UInt8(red / count), UInt8(green / count), UInt8(blue / count))
    }
}

extension Color {
    /// Gray, dark, in few steps so that it compresses well.
    fileprivate var dimmed: Color {
        let gray = (Int(red) * 2 + Int(green) * 5 + Int(blue)) / 8
        let level = UInt8(16 + gray / 12 * 4)
        return Color(level, level, level)
    }

    fileprivate var halo: Color { Color(red / 2, green / 2, blue / 2) }
}

extension [Color] {
    /// Gray for a class without a color.
    func color(of index: UInt8) -> Color {
        indices.contains(Int(index)) ? self[Int(index)] : Color(128, 128, 128)
    }
}
