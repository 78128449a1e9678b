import ESegRuntime
import TestSupport
import Testing

@testable import ESegImaging

@Suite struct LabelMapTests {
    @Test func graySamplesAreClassIndices() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(PNGBuilder(width: 3, height: 1, type: .gray, rows: [[0, 10, 4]]).bytes, to: "label.png")
        #expect(try LabelMap(contentsOf: path, classCount: 11).classes == [0, 10, 4])
    }

    @Test(arguments: [(8, [2, 0, 1]), (4, [0x20, 0x10]), (2, [0b1000_0100])] as [(UInt8, [UInt8])])
    func paletteIndicesAreClassIndicesAtAnyDepth(depth: UInt8, row: [UInt8]) throws {
        let folder = try TemporaryFolder()
        let png = PNGBuilder(
            width: 3, height: 1, depth: depth, type: .palette, palette: [9, 9, 9, 8, 8, 8, 7, 7, 7], rows: [row])
        #expect(try LabelMap(contentsOf: folder.write(png.bytes, to: "label.png"), classCount: 3).classes == [2, 0, 1])
    }

    @Test func indicesFromTheClassCountUpAreIgnoredAndCounted() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(PNGBuilder(width: 3, height: 1, type: .gray, rows: [[10, 11, 255]]).bytes, to: "label.png")
        let map = try LabelMap(contentsOf: path, classCount: 11)
        #expect(map.classes == [10, LabelMap.ignored, LabelMap.ignored] && map.unknown == [11: 1])
    }

    @Test(arguments: [
        ("8-bit RGB PNG", PNGBuilder(width: 1, height: 1, type: .rgb, rows: [[1, 1, 1]]).bytes),
        ("16-bit gray PNG", PNGBuilder(width: 1, height: 1, depth: 16, type: .gray, rows: [[0, 1]]).bytes),
        ("4-bit gray PNG", PNGBuilder(width: 1, height: 1, depth: 4, type: .gray, rows: [[0x10]]).bytes),
        ("8-bit gray and alpha PNG", PNGBuilder(width: 1, height: 1, type: .grayAlpha, rows: [[1, 255]]).bytes),
        ("8-bit gray JPEG", JPEGSamples.gray),
    ])
    func otherImagesAreRefused(kind: String, bytes: [UInt8]) throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(bytes, to: "label.png")
        let error = imageError { try LabelMap(contentsOf: path, classCount: 11) }
        #expect(error?.found == kind)
    }

    @Test func aWrittenClassMapReadsAsALabelMap() throws {
        let folder = try TemporaryFolder()
        let map = ClassMap(width: 2, height: 2, classes: [3, 0, 1, 2])
        let path = try folder.write(map.pngBytes(palette: Palette(classNames: ["sky", "road", "car", "tree"])), to: "map.png")
        #expect(try LabelMap(contentsOf: path, classCount: 4).classes == map.classes)
        #expect(try RGBImage(contentsOf: path).pixel(0, 0) == [107, 142, 35])
    }
}
