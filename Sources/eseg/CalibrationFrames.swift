import Quantization
import ESegImaging
import ESegNetwork
import ESegRuntime

/// The frames of a folder that calibration looks at, read when asked for.
struct CalibrationFrames {
    let paths: [String]
    /// To which all are resized.
    let size: ImageSize

    /// At most `count` frames, evenly spaced in the sorted folder; without a size, the first one's.
    init(folder: String, count: Int, size: ImageSize?) throws {
        let folder = try ImageFolder(path: folder)
        paths = evenlySpacedIndices(count, of: folder.paths.count).map { folder.paths[$0] }
        guard let first = paths.first else { throw CalibrationError.noImages }
        let image = try RGBImage(contentsOf: first)
        try checkSize(of: image, file: first, resizedTo: size)
        self.size = size ?? ImageSize(of: image)
    }

    func image(_ path: String) throws -> RGBImage { try size.resize(RGBImage(contentsOf: path)) }

    /// Those of them, evenly spaced, that fitting keeps in memory.
    func fitting(_ graph: Graph) throws -> FittingFrames {
        let count = try FittingFrames.count(atMost: CalibrationFrames.mostFitted, graph, height: size.height, width: size.width)
        return try FittingFrames(evenlySpacedIndices(count, of: paths.count).map { try image(paths[$0]) })
    }

    private static let mostFitted = 32
}
