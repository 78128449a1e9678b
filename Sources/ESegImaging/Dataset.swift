import ESegRuntime

/// Frames with their true classes: a folder with `images/` (JPEG, PNG) and `labels/` (PNG), paired by name without extension.
public struct Dataset: Sendable {
    /// A frame and its label map, not yet read.
    public struct Pair: Sendable, Equatable {
        /// The files' common name without extension.
        public let name: String
        public let imagePath: String
        public let labelPath: String
    }

    public let path: String
    /// Sorted by image name; at least one.
    public let pairs: [Pair]
    /// Names of images without a label map.
    public let unlabeled: [String]

    /// Pairs the files of a folder; frames without a label map are left out.
    ///
    /// Throws `ImageError` where a folder is missing or empty or holds what cannot be read, a label map has no frame, or two frames share a name.
    public init(path: String) throws(ImageError) {
        self.path = path
        let images = try ImageFolder(path: joinPath(path, "images")).complete()
        let labels = try ImageFolder(path: joinPath(path, "labels"), extensions: ["png"]).complete()
        var imageNames: [String: String] = [:]
        for name in images.names {
            let stem = splitName(name).stem
            if let other = imageNames.updateValue(name, forKey: stem) {
                throw ImageError(file: images.path, field: "frame \(stem)", found: "\(other) and \(name)", expected: "one file")
            }
        }
        var pairs: [Pair] = []
        for label in labels.names {
            let stem = splitName(label).stem
            guard let image = imageNames[stem] else {
                let labelPath = joinPath(labels.path, label)
                throw ImageError(file: labelPath, field: "frame", found: "none", expected: "\(stem).jpg or \(stem).png in \(images.path)")
            }
            pairs.append(Pair(name: stem, imagePath: joinPath(images.path, image), labelPath: joinPath(labels.path, label)))
        }
        self.pairs = pairs
        let labeled = Set(pairs.map(\.name))
        unlabeled = images.names.filter { !labeled.contains(splitName($0).stem) }
    }
}

extension Dataset.Pair {
    /// Reads both files; throws `ImageError` where either cannot be used or their sizes differ.
    public func load(classCount: Int) throws(ImageError) -> (image: RGBImage, labels: LabelMap) {
        let image = try RGBImage(contentsOf: imagePath)
        let labels = try LabelMap(contentsOf: labelPath, classCount: classCount)
        guard labels.width == image.width, labels.height == image.height else {
            throw ImageError(
                file: labelPath, field: "size", found: "\(labels.width)x\(labels.height)",
                expected: "\(image.width)x\(image.height), the size of \(imagePath)")
        }
        return (image, labels)
    }
}
