import ESegImaging
import ESegNetwork
import ESegRuntime

/// An int8 model that segments images of any sizes, planning again only when the size changes.
///
/// Images are resized to `size` if there is one; class maps always have the image's own size.
struct Int8Segmenter {
    let size: ImageSize?
    private(set) var peakBytes = 0
    private var sessions: PerImageSize<Session>
    private var inspectors: PerImageSize<Inspector>

    init(_ model: Model, size: ImageSize?, threads: Int) {
        self.size = size
        sessions = PerImageSize { height, width in try Session(model, height: height, width: width, threads: threads) }
        inspectors = PerImageSize { height, width in try Inspector(model, height: height, width: width, threads: threads) }
    }

    mutating func segment(_ image: RGBImage) throws -> TimedClassMap {
        let size = size ?? ImageSize(of: image)
        let session = try sessions.planned(height: size.height, width: size.width)
        peakBytes = max(peakBytes, session.bytes)
        let input = size.resize(image)
        guard session.isCalibratedForDoubt else { return try TimedClassMap(of: image) { try session.segment(input) } }
        var doubt: [UInt8] = []
        var timed = try TimedClassMap(of: image) {
            let result = try session.segmentWithDoubt(input)
            doubt = result.doubt
            return result.map
        }
        timed.doubt =
            ClassMap(width: input.width, height: input.height, classes: doubt)
            .resized(width: image.width, height: image.height).classes
        return timed
    }

    mutating func inspect(_ image: RGBImage) throws -> (_ node: Int) -> [Float] {
        let size = size ?? ImageSize(of: image)
        let inspector = try inspectors.planned(height: size.height, width: size.width)
        _ = try inspector.run(size.resize(image))
        return inspector.values
    }
}

/// The same for a float network.
struct FloatNetworkSegmenter {
    let size: ImageSize?
    private(set) var peakBytes = 0
    private var executors: PerImageSize<FloatExecutor>

    init(_ network: FloatNetwork, size: ImageSize?, threads: Int, isa: ISA) {
        let network = network.gatheringGates()
        self.size = size
        executors = PerImageSize { height, width in
            try FloatExecutor(network, height: height, width: width, isa: isa, threads: threads)
        }
    }

    mutating func segment(_ image: RGBImage) throws -> TimedClassMap {
        let executor = try executor(for: image)
        let input = (size ?? ImageSize(of: image)).resize(image)
        return try TimedClassMap(of: image) { try executor.run(input).classes }
    }

    mutating func inspect(_ image: RGBImage, visit: (_ node: Int, _ values: UnsafeBufferPointer<Float>) -> Void) throws {
        let executor = try executor(for: image)
        try withoutActuallyEscaping(visit) { visit in
            _ = try executor.run((size ?? ImageSize(of: image)).resize(image)) { node, values, _ in visit(node, values) }
        }
    }

    private mutating func executor(for image: RGBImage) throws -> FloatExecutor {
        let size = size ?? ImageSize(of: image)
        let executor = try executors.planned(height: size.height, width: size.width)
        peakBytes = max(peakBytes, executor.peakBytes)
        return executor
    }
}

extension TimedClassMap {
    /// The class map that `segment` gives, at the size of `image`, and how long that took.
    fileprivate init(of image: RGBImage, segment: () throws -> ClassMap) throws {
        let clock = ContinuousClock()
        let start = clock.now
        let map = try segment()
        let time = start.duration(to: clock.now)
        self.init(map: map.resized(width: image.width, height: image.height), time: time)
    }
}

extension ImageSize {
    init(of image: RGBImage) { self.init(width: image.width, height: image.height) }

    func resize(_ image: RGBImage) -> RGBImage { image.resized(width: width, height: height) }
}

/// Throws `ImageError` unless a network accepts the image as it is, or `size` says what to resize it to.
func checkSize(of image: RGBImage, file: String, resizedTo size: ImageSize?) throws(ImageError) {
    try checkSize(of: ImageSize(of: image), file: file, resizedTo: size)
}

/// The same of a frame's size.
func checkSize(of image: ImageSize, file: @autoclosure () -> String, resizedTo size: ImageSize?) throws(ImageError) {
    let sides = Graph.imageSides
    guard size == nil, !sides.contains(image.width) || !sides.contains(image.height) else { return }
    throw ImageError(
        file: file(), field: "size", found: "\(image)",
        expected: "\(sides.lowerBound) to \(sides.upperBound) a side, or --size WxH to resize to")
}
