import CESeg
import ESegNetwork
import ESegRuntime
import PixelFormats
import TestSupport
import Testing

@testable import ESegImaging
@testable import LibESeg

@Suite struct SegmentTests {
    private let image = RGBImage.gradient(width: 48, height: 40)
    private let session: CSession
    private let expected: [UInt8]

    init() throws {
        session = try CSession(try CModel(), width: 48, height: 40)
        expected = try Session(try Model(contentsOf: Fixture.path), height: 40, width: 48).segment(image).classes
    }

    /// Rows of `bytes`, `stride` apart from `first` on, in memory of anything.
    private func spread(_ bytes: [UInt8], rowBytes: Int, stride: Int) -> (memory: [UInt8], first: Int) {
        let rows = bytes.count / rowBytes, first = stride < 0 ? -stride * (rows - 1) : 0
        var memory = [UInt8](repeating: 0x5a, count: abs(stride) * rows)
        for row in 0..<rows {
            memory.replaceSubrange(
                first + row * stride..<first + row * stride + rowBytes, with: bytes[row * rowBytes..<(row + 1) * rowBytes])
        }
        return (memory, first)
    }

    @Test func classesAreThoseOfASession() throws { #expect(try session.classes(of: image) == expected) }

    @Test(arguments: [ESEG_RGB.rawValue, ESEG_BGR.rawValue, ESEG_RGBA.rawValue, ESEG_BGRA.rawValue])
    func theOrderOfSamplesDoesNotMatterNorDoGapsBetweenRows(format: UInt32) throws {
        let orders: [[Int]] = [[0, 1, 2], [2, 1, 0], [0, 1, 2, 3], [2, 1, 0, 3]]
        let order = orders[Int(format)]
        let bytes = (0..<48 * 40).flatMap { pixel in order.map { $0 == 3 ? UInt8(pixel % 256) : image.pixels[3 * pixel + $0] } }
        var source = eseg_image(eseg_format(format), width: 48, height: 40)
        #expect(try session.classes(of: bytes, source) == expected)
        let rowBytes = 48 * order.count
        for stride in [rowBytes, rowBytes + 1, 1024, -rowBytes, -rowBytes - 5] {
            let (memory, first) = spread(bytes, rowBytes: rowBytes, stride: stride)
            source.strides.0 = stride
            #expect(try session.classes(of: memory, source, first: first) == expected, "\(stride)")
        }
    }

    @Test func grayIsEachOfTheThree() throws {
        let gray = (0..<48 * 40).map { image.pixels[3 * $0 + 1] }
        let rgb = RGBImage(width: 48, height: 40, pixels: gray.flatMap { [$0, $0, $0] })
        #expect(try session.classes(of: gray, eseg_image(ESEG_GRAY, width: 48, height: 40)) == session.classes(of: rgb))
    }

    /// Noise as a camera's frame of that layout, and what the program's streams make of it.
    private func frame(_ layout: PictureFormat.Layout, width: Int, height: Int) throws -> (bytes: [UInt8], rgb: RGBImage) {
        let picture = try PictureFormat(layout, width: width, height: height, name: "frame"), frame = StreamFrame()
        var random = SplitMix(seed: 3)
        let bytes = (0..<picture.byteCount).map { _ in UInt8(truncatingIfNeeded: random.next()) }
        bytes.withUnsafeBufferPointer { picture.convert($0, into: frame) }
        return (bytes, RGBImage(width: width, height: height, pixels: frame.pixels))
    }

    @Test(arguments: [(48, 40), (47, 39), (33, 40)]) func nv12IsWhatCamerasGive(width: Int, height: Int) throws {
        let (bytes, rgb) = try frame(.nv12, width: width, height: height)
        let session = try CSession(try CModel(), width: width, height: height), expected = try session.classes(of: rgb)
        var source = eseg_image(ESEG_NV12, width: width, height: height)
        #expect(try session.classes(of: bytes, source, second: width * height) == expected)
        let chromaBytes = (width + 1) / 2 * 2
        let luma = spread(Array(bytes[..<(width * height)]), rowBytes: width, stride: -64)
        let chroma = spread(Array(bytes[(width * height)...]), rowBytes: chromaBytes, stride: 80)
        source.strides = (-64, 80)
        let memory = luma.memory + chroma.memory
        #expect(try session.classes(of: memory, source, second: luma.memory.count, first: luma.first) == expected)
    }

    @Test(arguments: [(48, 40), (47, 39)]) func yuyvIsWhatCamerasGive(width: Int, height: Int) throws {
        let (bytes, rgb) = try frame(.yuyv, width: width, height: height)
        let session = try CSession(try CModel(), width: width, height: height), expected = try session.classes(of: rgb)
        var source = eseg_image(ESEG_YUYV, width: width, height: height)
        #expect(try session.classes(of: bytes, source) == expected)
        let (memory, first) = spread(bytes, rowBytes: (width + 1) / 2 * 4, stride: 200)
        source.strides.0 = 200
        #expect(try session.classes(of: memory, source, first: first) == expected)
    }

    @Test func resultsMayLieAtAnyStride() throws {
        for stride in [48, 50, 64, -48, -60] {
            var memory = [UInt8](repeating: 0x77, count: abs(stride) * 40)
            let first = stride < 0 ? -stride * 39 : 0
            var source = eseg_image(ESEG_RGB, width: 48, height: 40), result = eseg_result()
            try image.pixels.withUnsafeBufferPointer { pixels in
                source.planes.0 = pixels.baseAddress
                try memory.withUnsafeMutableBufferPointer { memory in
                    result.classes = memory.baseAddress.map { $0 + first }
                    result.classes_stride = stride
                    try Refusal.check { eseg_segment(session.handle, &source, &result, $0) }
                }
            }
            #expect(memory == spread(expected, rowBytes: 48, stride: stride).memory.map { $0 == 0x5a ? 0x77 : $0 }, "\(stride)")
        }
    }

    /// Classes, doubt and logits of `image` by the library.
    private func all(of image: RGBImage, _ session: CSession) throws -> (classes: [UInt8], doubt: [UInt8], logits: [Int16]) {
        let info = try session.info, pixels = image.width * image.height
        let classCount = try CModel().info.classes
        var classes = [UInt8](repeating: 255, count: pixels), doubt = classes
        var logits = [Int16](repeating: .min, count: Int(info.logit_width * info.logit_height * classCount))
        var source = eseg_image(ESEG_RGB, width: image.width, height: image.height), result = eseg_result()
        result.logit_count = logits.count
        try image.pixels.withUnsafeBufferPointer { pixels in
            source.planes.0 = pixels.baseAddress
            try Refusal.check { error in
                classes.withUnsafeMutableBufferPointer { classes in
                    doubt.withUnsafeMutableBufferPointer { doubt in
                        logits.withUnsafeMutableBufferPointer { logits in
                            (result.classes, result.doubt, result.logits) = (classes.baseAddress, doubt.baseAddress, logits.baseAddress)
                            return eseg_segment(session.handle, &source, &result, error)
                        }
                    }
                }
            }
        }
        return (classes, doubt, logits)
    }

    @Test func doubtAndLogitsAreThoseOfASession() throws {
        let known = try Session(try Model(contentsOf: Fixture.path), height: 40, width: 48)
        var classes = [UInt8](repeating: 0, count: 48 * 40), doubt = classes
        try image.pixels.withUnsafeBufferPointer { pixels in
            try classes.withUnsafeMutableBufferPointer { classes in
                try doubt.withUnsafeMutableBufferPointer { try known.segment(pixels, into: classes, doubt: $0) }
            }
        }
        #expect(try session.info.doubtful_share == -1)
        let found = try all(of: image, session)
        #expect(found.classes == classes && found.doubt == doubt && found.logits == known.logits)
        let doubtful = doubt.count { $0 >= 128 }
        #expect(try session.info.doubtful_share == Double(doubtful) / Double(doubt.count))
        #expect(try session.classes(of: image) == classes)
        #expect(try session.info.doubtful_share == -1)
    }

    @Test func imagesAreResizedToTheSizeThatTheNetworkWasMadeForAsTheProgramDoes() throws {
        let folder = try TemporaryFolder(), path = try Fixture.made(for: MapSize(height: 64, width: 96), in: folder)
        let frame = StreamFrame(), segmenter = StreamSegmenter(try Model(contentsOf: path), size: (96, 64), threads: 1)
        frame.reshape(width: 48, height: 40)
        frame.pixels = image.pixels
        try segmenter.segment(frame)
        let session = try CSession(try CModel(path), width: 48, height: 40)
        #expect(try session.classes(of: image) == frame.classes)
        let info = try session.info
        #expect([info.width, info.height, info.input_width, info.input_height] == [48, 40, 96, 64])
        let asked = try CSession(try CModel(path), width: 48, height: 40, input: (48, 40))
        #expect(try asked.classes(of: image) == expected)
    }

    @Test func imagesAreResizedWhereThatIsAsked() throws {
        let session = try CSession(try CModel(), width: 48, height: 40, input: (64, 64))
        let known = try Session(try Model(contentsOf: Fixture.path), height: 64, width: 64)
        let found = try all(of: image, session)
        let expected = try known.segment(image.resized(width: 64, height: 64)).resized(width: 48, height: 40).classes
        #expect(found.classes == expected)
        #expect(found.logits == known.logits)
        // A tiny image is no problem where it is resized.
        let small = try CSession(try CModel(), width: 1, height: 1, input: (64, 64))
        #expect(try small.classes(of: RGBImage(width: 1, height: 1, pixels: [9, 8, 7])).count == 1)
    }

    @Test func countsOfThreadsDoNotChangeBytes() throws {
        for threads in [2, 3, 7] as [Int32] {
            let session = try CSession(try CModel(), width: 48, height: 40, threads: threads)
            #expect(try session.info.threads == threads)
            #expect(try session.classes(of: image) == expected)
        }
    }

    @Test func layersTellWhatASessionsDo() throws {
        let known = try Session(try Model(contentsOf: Fixture.path), height: 40, width: 48)
        #expect(try session.info.milliseconds == 0)
        _ = try session.classes(of: image)
        let info = try session.info
        #expect(Int(info.layers) == known.layers.count && info.milliseconds > 0 && info.bytes > known.bytes)
        var total = 0.0
        for (index, layer) in known.layers.enumerated() {
            let found = try session.layer(Int32(index))
            #expect(text(found.name) == layer.name && text(found.kind) == layer.kind)
            #expect(found.macs == Int64(layer.macs) && found.bytes == Int64(layer.bytesMoved))
            total += found.milliseconds
        }
        #expect(total > 0 && total <= info.milliseconds)
    }
}
