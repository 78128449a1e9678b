import ESegImaging
import ESegRuntime
import Quantization

extension CalibrationFrames {
    /// At most `count` frames of a folder, evenly spaced in the sorted folder, resized to `size` or else to the first one's.
    init(folder: String, count: Int, size: ImageSize?) throws {
        let folder = try ImageFolder(path: folder).complete()
        let paths = evenlySpacedIndices(count, of: folder.paths.count).map { folder.paths[$0] }
        guard let first = paths.first else { throw CalibrationError.noImages }
        let image = try RGBImage(contentsOf: first)
        try checkSize(of: image, file: first, resizedTo: size)
        let size = size ?? ImageSize(of: image)
        try self.init(names: paths.map(fileName), height: size.height, width: size.width) { index in
            try size.resize(RGBImage(contentsOf: paths[index]))
        }
    }
}
