import ArgumentParser
import ESegNetwork

/// Width and height of a network's input, written "480x360".
struct ImageSize: ExpressibleByArgument, Equatable, CustomStringConvertible {
    let width: Int
    let height: Int

    init(width: Int, height: Int) {
        self.width = width
        self.height = height
    }

    init(_ size: MapSize) { self.init(width: size.width, height: size.height) }

    init?(argument: String) {
        let sides = argument.lowercased().split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
        guard sides.count == 2, let width = sides[0], let height = sides[1] else { return nil }
        guard Graph.imageSides.contains(width), Graph.imageSides.contains(height) else { return nil }
        self.init(width: width, height: height)
    }

    /// The size that most figures here are for.
    static let usual = ImageSize(width: 480, height: 360)

    var description: String { "\(width)x\(height)" }

    static let help = ArgumentHelp(
        "Width and height that images are resized to, \(Graph.imageSides.lowerBound) to \(Graph.imageSides.upperBound) each.",
        valueName: "WxH")
}

extension NetworkDescription {
    /// The image size that the network was made for, where it was made for one.
    var madeFor: ImageSize? { imageSize.map(ImageSize.init) }
}
