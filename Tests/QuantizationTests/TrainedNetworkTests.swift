import Quantization
import ESegImaging
import ESegNetwork
import ESegRuntime
import Foundation
import Testing

/// Trained weights and street frames that do not travel with the package: in `$ESEG_SHARED`, or in `shared` beside the package.
private enum Shared {
    static let folder: String = {
        if let folder = ProcessInfo.processInfo.environment["ESEG_SHARED"] { return folder }
        return URL(fileURLWithPath: #filePath).appendingPathComponent("../../../../shared").standardized.path
    }()
    static let isHere = ["/models", "/camvid"].allSatisfy { FileManager.default.fileExists(atPath: folder + $0) }
    static let absence: Comment = "no reference data: set ESEG_SHARED to the folder that holds models/ and camvid/"

    static func frames(_ part: String, count: Int) throws -> [RGBImage] {
        let paths = try ImageFolder(path: "\(folder)/camvid/\(part)/images").paths
        return try evenlySpacedIndices(count, of: paths.count).map { try RGBImage(contentsOf: paths[$0]) }
    }
}

@Suite("Trained networks")
struct TrainedNetworkTests {
    @Test(
        "agree with their float originals on nearly all pixels", .enabled(if: Shared.isHere, Shared.absence),
        arguments: [("eseg-edge", 0.994), ("eseg-lite-s", 0.975), ("eseg-s", 0.975)])
    func agreement(name: String, least: Double) throws {
        let network = try FloatNetwork(contentsOf: "\(Shared.folder)/models/\(name).safetensors").gatheringGates()
        var calibrator = try Calibrator(network: network, height: 360, width: 480, threads: 2)
        for frame in try Shared.frames("train", count: 8) { try calibrator.add(image: frame) }
        let int8 = try Model(Quantizer.quantize(network: network, statistics: calibrator.finish()))
        let session = try Session(int8, height: 360, width: 480, threads: 2)
        let executor = try FloatExecutor(network, height: 360, width: 480, threads: 2)
        var equal = 0, total = 0
        for frame in try Shared.frames("val", count: 4) {
            let expected = try executor.run(frame).classes.classes, found = try session.segment(frame).classes
            equal += zip(expected, found).reduce(0) { $0 + ($1.0 == $1.1 ? 1 : 0) }
            total += expected.count
        }
        #expect(Double(equal) >= least * Double(total))
    }
}
