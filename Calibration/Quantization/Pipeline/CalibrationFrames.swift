import ESegNetwork
import ESegRuntime

/// The frames that a network is calibrated on, all of one size, read when asked for: memory does not bound their number.
public struct CalibrationFrames {
    /// Of every frame, in their order.
    public let names: [String]
    public let height: Int
    public let width: Int
    /// The frame at an index in `names.indices`, `height` by `width` pixels.
    public let image: (Int) throws -> RGBImage

    /// - Throws: `CalibrationError.noImages` where there are no names.
    public init(names: [String], height: Int, width: Int, image: @escaping (Int) throws -> RGBImage) throws(CalibrationError) {
        guard !names.isEmpty else { throw .noImages }
        (self.names, self.height, self.width, self.image) = (names, height, width, image)
    }

    /// Frames that are in memory already.
    /// - Throws: `CalibrationError` where there are none, or of several sizes.
    public init(_ images: [RGBImage]) throws(CalibrationError) {
        let frames = try FittingFrames(images)
        try self.init(names: images.indices.map { "\($0)" }, height: frames.height, width: frames.width) { frames.images[$0] }
    }

    /// Those of them, evenly spaced, that are kept in memory for layers to be fitted to.
    func fitting(_ graph: Graph) throws -> FittingFrames {
        let count = try FittingFrames.count(atMost: CalibrationFrames.mostFitted, graph, height: height, width: width)
        return try FittingFrames(evenlySpacedIndices(count, of: names.count).map(image))
    }

    private static let mostFitted = 32
}
