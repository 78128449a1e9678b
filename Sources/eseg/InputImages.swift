import ESegImaging
import FoundationEssentials
import Glibc

/// The image files that a list of paths stands for: files as they are, folders by the images in them.
struct InputImages {
    let paths: [String]
    /// Why something in the folders that is named like an image is none of them.
    let unusable: [ImageError]

    /// Throws `ImageError` for a folder without images, or which cannot be read. Files are looked at later, one by one.
    init(_ arguments: [String]) throws {
        var paths: [String] = [], unusable: [ImageError] = []
        for argument in arguments {
            var isFolder = false
            if FileManager.default.fileExists(atPath: argument, isDirectory: &isFolder), isFolder {
                let folder = try ImageFolder(path: argument)
                paths += folder.paths
                unusable += folder.unusable
            } else {
                paths.append(argument)
            }
        }
        (self.paths, self.unusable) = (paths, unusable)
    }
}

/// Where the results for an image go.
struct RunOutputs: Equatable {
    let classMap: String
    let overlay: String
    /// nil where it is not wanted.
    let doubt: String?

    /// The paths, for messages and checks.
    var all: [String] { [classMap, overlay] + (doubt.map { [$0] } ?? []) }

    init(image: String, folder: String, withDoubt: Bool = false) {
        let name = fileName(image)
        let stem = name.lastIndex(of: ".").map { $0 > name.startIndex ? String(name[..<$0]) : name } ?? name
        let base = folder.hasSuffix("/") ? folder : folder + "/"
        classMap = base + stem + ".png"
        overlay = base + stem + "-overlay.png"
        doubt = withDoubt ? base + stem + "-doubt.png" : nil
    }

    /// The outputs of each image. Throws `Failure` where two would be one file, one would replace an image to be read, or a name is too long.
    static func all(images: [String], folder: String, withDoubt: Bool = false) throws -> [RunOutputs] {
        // By bytes: texts are equal whose accents are written differently.
        var origins: [[UInt8]: String] = [:]
        let inputs = Set(images.compactMap { FileIdentity($0) })
        return try images.map { image in
            let outputs = RunOutputs(image: image, folder: folder, withDoubt: withDoubt)
            let bytes = fileName(outputs.overlay).utf8.count
            guard bytes <= Int(NAME_MAX) else {
                throw Failure("\(image): output's name: found \(bytes) bytes, expected at most \(NAME_MAX)")
            }
            for path in outputs.all {
                if let other = origins.updateValue(image, forKey: Array(path.utf8)) {
                    throw Failure("\(path): found \(other) and \(image) to be written there, expected images of different names")
                }
                if let written = FileIdentity(path), inputs.contains(written) {
                    throw Failure("\(path): found one of the images, expected an output folder where none is overwritten")
                }
            }
            return outputs
        }
    }
}
