import ESegNetwork
import Glibc
import Kernels

/// An int8 model planned for one image size and a number of threads; use it from one thread at a time.
///
/// Segmenting into memory of the caller's takes none, from the second image on; nor does it fault a page.
public final class Session {
    public static let maximumThreads = 256

    public let height: Int
    public let width: Int
    public let threads: Int
    public var isa: ISA { model.isa }
    /// Whether doubt says where int8 has changed classes, as calibration saw it.
    public var isCalibratedForDoubt: Bool { model.doubt.seen != nil }
    /// The steps in the order they run.
    public let layers: [LayerInfo]
    /// Milliseconds that each layer took in the last call of `segment`.
    public private(set) var milliseconds: [Double]
    /// Bytes of packed weights, tables and the arena.
    public var bytes: Int { model.packed.bytes + plan.bytes }

    let model: Model
    let plan: Plan
    private let kernels: UnsafePointer<eseg_kernels>
    /// Logits from one pixel to the next.
    private let logitStride: Int

    /// - Throws: `NetworkError` for a size out of range, `RuntimeError` for a number of threads that is out of range or that the system
    ///   refuses, or too little memory.
    public convenience init(_ model: Model, height: Int, width: Int, threads: Int = 1) throws {
        try self.init(model, height: height, width: width, threads: threads, granularity: .fused)
    }

    init(_ model: Model, height: Int, width: Int, threads: Int, granularity: Plan.Granularity) throws {
        guard (1...Session.maximumThreads).contains(threads) else { throw RuntimeError.threads(found: threads) }
        try ThreadSupply.check(threads)
        self.model = model
        self.height = height
        self.width = width
        self.threads = threads
        plan = try Plan(model.packed, height: height, width: width, threads: threads, granularity: granularity)
        kernels = model.isa.kernels
        logitStride = plan.packed.codeStride(plan.shapes.count - 1)
        layers = try plan.layerInfos()
        milliseconds = Array(repeating: 0, count: layers.count)
    }

    /// Bytes of tables and the arena that a session of the model would take.
    /// - Throws: as the initializer.
    public static func bytes(of model: Model, height: Int, width: Int, threads: Int) throws -> Int {
        try Plan(model.packed, height: height, width: width, threads: threads, isDry: true).bytes
    }

    /// The class of each pixel.
    /// - Throws: `RuntimeError.imageSize` if the image is not of the planned size.
    public func segment(_ image: RGBImage) throws -> ClassMap {
        var map = ClassMap(width: width, height: height, classes: [UInt8](repeating: 0, count: width * height))
        try segment(image, into: &map)
        return map
    }

    /// The same, and the doubt of each pixel (`DoubtMap`).
    public func segmentWithDoubt(_ image: RGBImage) throws -> (map: ClassMap, doubt: [UInt8]) {
        try check(image.width, image.height)
        var map = ClassMap(width: width, height: height, classes: [UInt8](repeating: 0, count: width * height))
        var doubt = map.classes
        try image.pixels.withUnsafeBufferPointer { pixels in
            try map.classes.withUnsafeMutableBufferPointer { classes in
                try doubt.withUnsafeMutableBufferPointer { try segment(pixels, into: classes, doubt: $0) }
            }
        }
        return (map, doubt)
    }

    /// The same into a map that serves one image after the other; one that nobody else holds is written in place.
    /// - Throws: `RuntimeError.imageSize` if the image or the map is not of the planned size.
    public func segment(_ image: RGBImage, into map: inout ClassMap) throws {
        try check(image.width, image.height)
        try check(map.width, map.height)
        try image.pixels.withUnsafeBufferPointer { pixels in
            try map.classes.withUnsafeMutableBufferPointer { try segment(pixels, into: $0) }
        }
    }

    /// The same from and to the caller's memory: height · width · 3 RGB bytes to height · width class indices and, if wanted, as many values
    /// of doubt (`DoubtMap`).
    /// - Throws: `RuntimeError.imageSize` if a buffer is too small.
    public func segment(
        _ pixels: UnsafeBufferPointer<UInt8>, into classes: UnsafeMutableBufferPointer<UInt8>,
        doubt: UnsafeMutableBufferPointer<UInt8>? = nil
    ) throws {
        guard let source = pixels.baseAddress, let target = classes.baseAddress, pixels.count >= 3 * width * height,
            classes.count >= width * height, doubt.map({ $0.count >= width * height }) ?? true
        else {
            let sizes = [pixels.count, classes.count] + (doubt.map { [$0.count] } ?? [])
            throw RuntimeError.imageSize(
                found: sizes.map { "\($0)" }.joined(separator: ", ") + " bytes", expected: "\(width)x\(height)")
        }
        var before = MonotonicClock.milliseconds
        for (i, step) in plan.steps.enumerated() {
            run(step, scratch: plan.arena.scratch(of: i), pixels: source, classes: target, doubt: doubt?.baseAddress)
            let after = MonotonicClock.milliseconds
            milliseconds[i] = after - before
            before = after
        }
    }

    private func check(_ width: Int, _ height: Int) throws(RuntimeError) {
        guard width == self.width, height == self.height else {
            throw .imageSize(found: "\(width)x\(height)", expected: "\(self.width)x\(self.height)")
        }
    }

    /// Runs one step of the plan on what its inputs' maps hold; one that gives classes, for which there is no room, is left out.
    func run(stepAt index: Int, image: RGBImage) {
        let step = plan.steps[index], scratch = plan.arena.scratch(of: index)
        image.pixels.withUnsafeBufferPointer { pixels in
            guard let pixels = pixels.baseAddress else { return }
            run(step, scratch: scratch, pixels: pixels, classes: nil, doubt: nil)
        }
    }

    /// Each pixel's margin in the last image, in steps of the logits' scale, and its second best class; none where there is one class.
    package func margins() -> (margins: [Float], seconds: [UInt8]) {
        guard let step = plan.steps.last, let upsampling = step.work as? UpsampleStep, model.classNames.count > 1 else { return ([], []) }
        let scratch = plan.arena.scratch(of: plan.steps.count - 1)
        return upsampling.margins(pixels: width * height, threads: Int32(threads), scratch: scratch)
    }

    /// The last image's logits before upsampling, [height][width][classes] of the last node's output, in steps of its scale.
    public var logits: [Int16] {
        [Int16](unsafeUninitializedCapacity: logitShape.count) { logits, count in
            guard let base = logits.baseAddress else { return }
            copyLogits(into: base)
            count = logitShape.count
        }
    }

    /// Of the logits before upsampling.
    package var logitShape: Shape { plan.shapes[plan.shapes.count - 1] }

    /// Copies `logits` to the caller's memory, which has room for `logitShape.count`.
    package func copyLogits(into target: UnsafeMutablePointer<Int16>) {
        guard let logits = plan.logits else { return }
        let shape = logitShape
        for pixel in 0..<shape.pixels {
            (target + pixel * shape.channels).update(from: logits + pixel * logitStride, count: shape.channels)
        }
    }

    private func run(
        _ step: Step, scratch: UnsafeMutablePointer<UInt8>?, pixels: UnsafePointer<UInt8>, classes: UnsafeMutablePointer<UInt8>?,
        doubt: UnsafeMutablePointer<UInt8>?
    ) {
        let call = StepCall(
            kernels: kernels, pixels: pixels, classes: classes, doubt: doubt, threads: Int32(threads), scratch: scratch)
        step.work.run(call)
    }
}
