import ESegRuntime
import Foundation
import TestSupport

/// Files that commands read while their calls fail: small ones, so that a command is over soon.
enum FaultInputs {
    private static let made = Result { try make() }

    /// The folder that they are in, made on first use and removed when the tests end.
    static func path() throws -> String { try made.get() }

    private static func make() throws -> String {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("eseg-tests-\(UUID().uuidString)").path
        atexit { if let folder = try? FaultInputs.path() { try? FileManager.default.removeItem(atPath: folder) } }
        try writeFrames(to: folder)
        try SmallWeights.write(to: folder + "/weights.safetensors")
        let quantize = "quantize weights.safetensors --calibrate frames/images --size 32x32 --effort fast -o"
        try eseg("\(quantize) model.eseg", in: folder)
        try eseg("\(quantize) other.eseg --range min-max", in: folder)
        for part in ["1", "2"] {
            try eseg("\(quantize) \(part).stats --shard \(part)/2", in: folder)
            try eseg("compare weights.safetensors model.eseg --data frames -o \(part).comparison --shard \(part)/2", in: folder)
        }
        try write(Array(Data(contentsOf: URL(fileURLWithPath: folder + "/model.eseg"))), to: folder + "/share/Models/eseg-edge.eseg")
        return folder
    }

    private static func writeFrames(to folder: String) throws {
        let image = RGBImage.gradient(width: 48, height: 32)
        let jpeg = try image.jpegBytes(), png = try image.pngBytes()
        try write(jpeg, to: folder + "/image.jpg")
        try write(RGBImage.flat(width: 32, height: 32, [9, 99, 199]).pngBytes(), to: folder + "/flat.png")
        try write(jpeg + jpeg + jpeg, to: folder + "/stream")
        let picture = [UInt8](repeating: 120, count: 48 * 32 * 3 / 2)
        try write(Array("YUV4MPEG2 W48 H32 F25:1\nFRAME\n".utf8) + picture, to: folder + "/clip.y4m")
        for name in ["a", "b"] {
            try write(png, to: folder + "/frames/images/\(name).png")
            let label = PNGBuilder(width: 48, height: 32, type: .gray, rows: (0..<32).map { _ in (0..<48).map { UInt8($0 % 3) } })
            try write(label.bytes, to: folder + "/frames/labels/\(name).png")
        }
        try write(jpeg, to: folder + "/share/Samples/compare/images/a.jpg")
    }

    private static func write(_ bytes: [UInt8], to path: String) throws {
        let url = URL(fileURLWithPath: path)
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: url)
    }

    private static func eseg(_ arguments: String, in folder: String) throws {
        let result = try Tool.run(["-c", "cd $0; \(Tool.path) \(arguments) --threads 1", folder], program: "/bin/bash")
        guard result.status == 0 else { throw Failure(errors: result.errors) }
    }

    struct Failure: Error {
        let errors: String
    }
}
