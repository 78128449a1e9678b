import ESegNetwork
import Quantization

/// Reads the counts of a comparison file, each value checked against the others.
struct TallyReader {
    private static let tensors: Set = [
        "frame.names", "frame.counts", "frame.milliseconds", "confusion", "label.counts", "label.unknown", "peak_bytes", "inspected",
        "layer.signal", "layer.noise", "layer.is_empty",
    ]
    /// Where int8 was calibrated for doubt.
    private static let doubt = "frame.doubt"

    /// What a file has to hold.
    static func tensors(of file: Safetensors) -> Set<String> {
        file.tensors[doubt] == nil ? tensors : tensors.union([doubt])
    }

    private static let pixels: ClosedRange<Int64> = 1...1 << 40

    private let file: Safetensors
    private let header: PartHeader
    private let classNames: [String]
    private let layerNames: [String]

    init(_ file: Safetensors, _ header: PartHeader) throws(NetworkError) {
        (self.file, self.header) = (file, header)
        classNames = try file.texts("classes", count: 1...255)
        layerNames = try file.texts("layers", count: 1...4096)
    }

    func tally() throws(NetworkError) -> ComparisonTally {
        let frames = try frames()
        let pixels = frames.reduce(0) { $0 + $1.summary.pixels }
        let (float, int8) = try sides(pixels: pixels)
        return ComparisonTally(
            classNames: classNames, layerNames: layerNames, float: float, int8: int8, labels: try labels(pixels: pixels), frames: frames,
            inspected: try inspected(frames))
    }

    private func labels(pixels: Int) throws(NetworkError) -> LabelTally {
        let counts: [Int64] = try file.values("label.counts", shape: [2])
        let unknown: [Int64] = try file.values("label.unknown", shape: [256])
        guard (0...Int64(header.frames)).contains(counts[0]), (unknown + counts).allSatisfy({ (0...Int64(pixels)).contains($0) }),
            let tally = LabelTally(
                classes: classNames.count, frames: Int(counts[0]), known: Int(counts[1]), unknown: unknown.map { Int($0) })
        else { throw file.error("label.unknown", "values", found: "other counts", expected: "at most one for each pixel") }
        return tally
    }

    private func frames() throws(NetworkError) -> [TalliedFrame] {
        let indices = header.shards.frames(of: header.frames), count = indices.count
        let counts: [Int64] = try file.values("frame.counts", shape: [count, 3])
        let times: [Double] = try file.values("frame.milliseconds", shape: [count, 2])
        let names = try names(count)
        var frames: [TalliedFrame] = []
        for frame in 0..<count {
            let (index, pixels, flipped) = (counts[3 * frame], counts[3 * frame + 1], counts[3 * frame + 2])
            guard index == indices[frame] else {
                throw file.error("frame.counts", "frame \(frame)", found: "index \(index)", expected: "\(indices[frame])")
            }
            guard Self.pixels.contains(pixels), (0...pixels).contains(flipped) else {
                throw file.error("frame.counts", "frame \(frame)", found: "\(flipped) of \(pixels) pixels", expected: "some of 1...2^40")
            }
            guard times[2 * frame...2 * frame + 1].allSatisfy({ $0 >= 0 && $0.isFinite }) else {
                throw file.error("frame.milliseconds", "frame \(frame)", found: "\(times[2 * frame])", expected: "times")
            }
            frames.append(
                TalliedFrame(
                    index: indices[frame], summary: .init(name: names[frame], pixels: Int(pixels), flippedPixels: Int(flipped)),
                    floatMs: times[2 * frame], int8Ms: times[2 * frame + 1]))
        }
        try addDoubt(to: &frames)
        return frames
    }

    /// Adds to each frame which of its pixels were doubtful, where int8 was calibrated for it.
    private func addDoubt(to frames: inout [TalliedFrame]) throws(NetworkError) {
        guard file.tensors[Self.doubt] != nil else { return }
        let values: [Int64] = try file.values(Self.doubt, shape: [frames.count, 2])
        for index in frames.indices {
            let (doubtful, flips) = (values[2 * index], values[2 * index + 1]), frame = frames[index].summary
            let pixels = Int64(frame.pixels), flipped = Int64(frame.flippedPixels)
            guard (0...flipped).contains(flips), (flips...pixels - flipped + flips).contains(doubtful) else {
                throw file.error(
                    Self.doubt, "frame \(index)", found: "\(doubtful) pixels and \(flips) flips", expected: "some of the frame's")
            }
            frames[index].summary.doubt = Comparison.Doubt(pixels: Int(doubtful), flips: Int(flips))
        }
    }

    private func names(_ count: Int) throws(NetworkError) -> [String] {
        let json = try JSONValue(parsing: file.values("frame.names", as: UInt8.self), file: file.path, field: "tensor frame.names")
        guard case .array(let values) = json, values.count == count else {
            throw file.error("frame.names", "value", found: "another list", expected: "a list of \(count)")
        }
        return values.map { if case .string(let name) = $0 { name } else { "" } }
    }

    private func sides(pixels: Int) throws(NetworkError) -> (SideTally, SideTally) {
        let classes = classNames.count, size = classes * (classes + 1)
        let counts: [Int64] = try file.values("confusion", shape: [4, classes, classes + 1])
        let bytes: [Int64] = try file.values("peak_bytes", shape: [2])
        guard bytes.allSatisfy({ (0...1 << 50).contains($0) }) else {
            throw file.error("peak_bytes", "values", found: "\(bytes)", expected: "0...2^50")
        }
        var matrices: [ConfusionMatrix] = []
        for index in 0..<4 {
            let part = counts[index * size..<(index + 1) * size]
            guard part.allSatisfy({ (0...Int64(pixels)).contains($0) }), part.reduce(0, { min($0 + $1, 1 << 62) }) <= pixels,
                let matrix = ConfusionMatrix(classes: classes, counts: part.map(Int.init))
            else { throw file.error("confusion", "matrix \(index)", found: "other counts", expected: "at most one for each pixel") }
            matrices.append(matrix)
        }
        return (
            SideTally(all: matrices[0], boundary: matrices[1], peakBytes: Int(bytes[0])),
            SideTally(all: matrices[2], boundary: matrices[3], peakBytes: Int(bytes[1]))
        )
    }

    private func inspected(_ frames: [TalliedFrame]) throws(NetworkError) -> [InspectedFrame] {
        let indices = try file.values("inspected", as: Int64.self).map { Int($0) }
        let held = Set(frames.map(\.index))
        guard zip(indices, indices.dropFirst()).allSatisfy({ $0 < $1 }), indices.allSatisfy(held.contains) else {
            throw file.error("inspected", "values", found: "\(indices.prefix(8))", expected: "rising indices of the file's frames")
        }
        let shape = [indices.count, layerNames.count]
        let signals: [Double] = try file.values("layer.signal", shape: shape)
        let noises: [Double] = try file.values("layer.noise", shape: shape)
        let empties: [UInt8] = try file.values("layer.is_empty", shape: shape)
        guard !(signals + noises).contains(where: { $0 < 0 }) else {
            throw file.error("layer.signal", "values", found: "a negative sum", expected: "sums of squares")
        }
        return indices.enumerated().map { position, index in
            let layers = layerNames.indices.map { layer -> SignalToNoise in
                let place = position * layerNames.count + layer
                return empties[place] != 0 ? SignalToNoise() : SignalToNoise(signal: signals[place], noise: noises[place])
            }
            return InspectedFrame(index: index, layers: layers)
        }
    }
}
