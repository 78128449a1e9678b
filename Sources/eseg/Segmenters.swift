import Calibration
import ESegImaging
import ESegNetwork
import ESegRuntime

/// An int8 model that segments images of any sizes, planning anew only where the size changes.
///
/// Images are resized to `size` if there is one; class maps always have the image's own size.
struct Int8Segmenter: QuantizedSegmenter {
    let model: Model
    let size: ImageSize?
    let threads: Int
    private(set) var peakBytes = 0
    private var session: Session?
    private var inspector: (engine: Inspector, size: ImageSize)?

    init(_ model: Model, size: ImageSize?, threads: Int) {
        self.model = model
        self.size = size
        self.threads = threads
    }

    mutating func segment(_ image: RGBImage) throws -> TimedClassMap {
        let size = size ?? ImageSize(of: image)
        let session = try session(for: size)
        let input = size.resize(image)
        return try TimedClassMap(of: image) { try session.segment(input) }
    }

    mutating func inspect(_ image: RGBImage) throws -> (_ node: Int) -> [Float] {
        let size = size ?? ImageSize(of: image)
        let inspector = try inspector(for: size)
        _ = try inspector.run(size.resize(image))
        return inspector.values
    }

    private mutating func session(for size: ImageSize) throws -> Session {
        if let session, session.width == size.width, session.height == size.height { return session }
        session = nil
        let planned = try Session(model, height: size.height, width: size.width, threads: threads)
        peakBytes = max(peakBytes, planned.bytes)
        session = planned
        return planned
    }

    private mutating func inspector(for size: ImageSize) throws -> Inspector {
        if let inspector, inspector.size == size { return inspector.engine }
        inspector = nil
        let engine = try Inspector(model, height: size.height, width: size.width, threads: threads)
        inspector = (engine, size)
        return engine
    }
}

/// The same for a float network.
struct FloatNetworkSegmenter: FloatSegmenter {
    let network: FloatNetwork
    let size: ImageSize?
    let threads: Int
    let isa: ISA
    private(set) var peakBytes = 0
    private var planned: (executor: FloatExecutor, size: ImageSize)?

    init(_ network: FloatNetwork, size: ImageSize?, threads: Int, isa: ISA) {
        self.network = network.gatheringGates()
        self.size = size
        self.threads = threads
        self.isa = isa
    }

    mutating func segment(_ image: RGBImage) throws -> TimedClassMap {
        let size = size ?? ImageSize(of: image)
        let executor = try executor(for: size)
        let input = size.resize(image)
        return try TimedClassMap(of: image) { try executor.run(input).classes }
    }

    mutating func inspect(_ image: RGBImage, visit: (_ node: Int, _ values: UnsafeBufferPointer<Float>) -> Void) throws {
        let size = size ?? ImageSize(of: image)
        let executor = try executor(for: size)
        try withoutActuallyEscaping(visit) { visit in
            _ = try executor.run(size.resize(image)) { node, values, _ in visit(node, values) }
        }
    }

    private mutating func executor(for size: ImageSize) throws -> FloatExecutor {
        if let planned, planned.size == size { return planned.executor }
        planned = nil
        let executor = try FloatExecutor(network, height: size.height, width: size.width, isa: isa, threads: threads)
        peakBytes = max(peakBytes, executor.peakBytes)
        planned = (executor, size)
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
