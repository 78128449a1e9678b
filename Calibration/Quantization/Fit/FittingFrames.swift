import ESegNetwork
import ESegRuntime

/// Frames on which an int8 network is fitted to its float original, all of one size, in memory.
public struct FittingFrames: Sendable {
    public let images: [RGBImage]
    public let height: Int
    public let width: Int

    /// Throws `CalibrationError` if there is no image, or one of another size than the first.
    public init(_ images: [RGBImage]) throws(CalibrationError) {
        guard let first = images.first else { throw .noImages }
        for image in images where image.height != first.height || image.width != first.width {
            throw .imageSize(found: "\(image.width)x\(image.height)", expected: "\(first.width)x\(first.height)")
        }
        self.images = images
        (height, width) = (first.height, first.width)
    }

    /// How many frames of that size can be fitted within the memory that fitting may take, at most `limit`.
    ///
    /// Throws as `Graph.shapes`.
    public static func count(atMost limit: Int, _ graph: Graph, height: Int, width: Int) throws(NetworkError) -> Int {
        let shapes = try graph.shapes(height: height, width: width)
        let absorbed = graph.absorbed, lives = graph.lives(absorbed: absorbed)
        let most =
            graph.nodes.indices.map { time in
                shapes.indices.reduce(0) { $0 + (lives[$1].contains(time) && !absorbed[$1] ? shapes[$1].count : 0) }
            }.max() ?? 0
        return min(limit, max(1, memory / max(1, most)))
    }

    /// The most bytes that the frames' codes may take.
    private static let memory = 400 << 20
}
