import ESegImaging
import ESegRuntime
@preconcurrency import Glibc

/// Segments one image with an int8 network and prints how much of it each class covers: `StreetSegmenter MODEL.eseg IMAGE`.
@main
struct StreetSegmenter {
    static func main() {
        let arguments = CommandLine.arguments.dropFirst()
        guard arguments.count == 2, let model = arguments.first, let image = arguments.last else {
            fail("usage: StreetSegmenter MODEL.eseg IMAGE")
        }
        do {
            try segment(imagePath: image, modelPath: model)
        } catch {
            fail("\(error)")
        }
    }

    static func segment(imagePath: String, modelPath: String) throws {
        let model = try Model(contentsOf: modelPath)
        let image = try RGBImage(contentsOf: imagePath)
        let session = try Session(model, height: image.height, width: image.width)

        let clock = ContinuousClock()
        let start = clock.now
        let map = try session.segment(image)
        let milliseconds = (clock.now - start) / .milliseconds(1)

        for (percent, name) in shares(of: map, classNames: model.classNames) {
            print("\(name): \(percent) %")
        }
        print("\(image.width)x\(image.height) in \(Int(milliseconds.rounded())) ms")
    }

    /// The classes that the map has and their shares in whole percent, largest first.
    static func shares(of map: ClassMap, classNames: [String]) -> [(percent: Int, name: String)] {
        var pixels = [Int](repeating: 0, count: 256)
        for index in map.classes { pixels[Int(index)] += 1 }
        return zip(pixels, classNames)
            .filter { $0.0 > 0 }
            .sorted { $0.0 > $1.0 }
            .map { (100 * $0.0 / map.classes.count, $0.1) }
    }

    static func fail(_ message: String) -> Never {
        fputs(message + "\n", stderr)
        exit(1)
    }
}
