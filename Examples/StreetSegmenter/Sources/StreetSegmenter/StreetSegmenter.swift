import ESegImaging
import ESegRuntime
@preconcurrency import Glibc

/// Segments one image with an int8 network and prints how much of it each class covers: `StreetSegmenter MODEL.eseg IMAGE [CLASSES]`.
///
/// A third path takes the class map, one byte per pixel.
@main
struct StreetSegmenter {
    static func main() {
        OpenMPEnvironment.clear()
        let arguments = Array(CommandLine.arguments.dropFirst())
        guard (2...3).contains(arguments.count) else { fail("usage: StreetSegmenter MODEL.eseg IMAGE [CLASSES]") }
        do {
            let map = try segment(imagePath: arguments[1], modelPath: arguments[0])
            if arguments.count > 2 { write(map.classes, to: arguments[2]) }
        } catch {
            fail("\(error)")
        }
    }

    static func segment(imagePath: String, modelPath: String) throws -> ClassMap {
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
        return map
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

    static func write(_ bytes: [UInt8], to path: String) {
        guard let file = fopen(path, "w") else { fail("\(path): \(String(cString: strerror(errno)))") }
        let isWhole = fwrite(bytes, 1, bytes.count, file) == bytes.count
        guard fclose(file) == 0, isWhole else { fail("\(path): \(String(cString: strerror(errno)))") }
    }

    static func fail(_ message: String) -> Never {
        fputs(message + "\n", stderr)
        exit(1)
    }
}
