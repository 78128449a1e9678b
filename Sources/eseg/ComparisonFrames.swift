import Quantization
import ESegImaging
import ESegRuntime
import FoundationEssentials

/// The frames of a folder as a comparison reads them, one by one: with labels from `images/` and `labels/`, or images alone.
struct ComparisonFrames {
    private let pairs: [Dataset.Pair]
    private let unlabeled: [String]
    /// Which of the folder's frames are read.
    private let indices: [Int]
    private let classCount: Int
    private let size: ImageSize?
    /// Labels whose pixels do not count.
    private let ignored: Set<UInt8>

    /// A folder with an `images` folder in it is a data set with labels, any other a folder of images; `count` of its frames are read,
    /// or all. Throws `ImageError`.
    init(path: String, count: Int?, classCount: Int, size: ImageSize?, ignored: Set<UInt8> = []) throws {
        var isFolder = false
        let images = path.hasSuffix("/") ? path + "images" : path + "/images"
        let isDataset = FileManager.default.fileExists(atPath: images, isDirectory: &isFolder) && isFolder
        let dataset = isDataset ? try Dataset(path: path) : nil
        if let dataset, let first = dataset.unlabeled.first {
            let count = dataset.unlabeled.count
            reportWarning(
                "\(path): frames: found \(count) without labels, such as \(first), of \(count + dataset.pairs.count): they are left out")
        }
        pairs = dataset?.pairs ?? []
        unlabeled = isDataset ? [] : try ImageFolder(path: path).complete().paths
        let total = pairs.count + unlabeled.count
        indices = evenlySpacedIndices(count ?? total, of: total)
        self.classCount = classCount
        self.size = size
        self.ignored = ignored
    }

    var count: Int { indices.count }

    /// The names of all frames that are read, in order.
    var names: [String] { indices.map { pairs.isEmpty ? fileName(unlabeled[$0]) : pairs[$0].name } }

    var frames: LabeledFrames { LabeledFrames(count: count) { try frame(indices[$0]) } }

    private func frame(_ index: Int) throws -> LabeledFrame {
        let frame: LabeledFrame
        let path: String
        if pairs.isEmpty {
            path = unlabeled[index]
            frame = LabeledFrame(name: fileName(path), image: try RGBImage(contentsOf: path), labels: nil)
        } else {
            path = pairs[index].imagePath
            let (image, labels) = try pairs[index].load(classCount: classCount)
            frame = LabeledFrame(
                name: pairs[index].name, image: image, labels: labels.classes.map { ignored.contains($0) ? LabelMap.ignored : $0 },
                unknownLabels: labels.unknown.filter { !ignored.contains($0.key) })
        }
        try checkSize(of: frame.image, file: path, resizedTo: size)
        return frame
    }
}
