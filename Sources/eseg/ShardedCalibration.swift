import ArgumentParser
import Quantization

/// Dividing calibration among processes and machines: the options of `eseg quantize` for that.
struct CalibrationParts: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Observe only part k of n of the frames, every n-th from the k-th on, and write statistics for eseg merge. (default: all)",
            valueName: "k/n"))
    var shard: Shard?

    @Option(
        help: ArgumentHelp(
            "Go on from these statistics of all parts, as eseg merge writes them, instead of observing the frames again.", valueName: "file"
        ))
    var statistics: String?

    /// The statistics to go on from, if there are any. Throws where parts are missing.
    func given() throws -> (part: CalibrationPart, file: String)? {
        guard let statistics else { return nil }
        let part = try CalibrationPart(contentsOf: statistics)
        try part.header.requireAll(file: statistics)
        return (part, statistics)
    }

    /// Throws where frames are too few for each part to have one.
    func checked(_ shard: Shard, of frames: CalibrationFrames) throws -> Shard {
        guard shard.count <= frames.names.count else { throw tooManyParts(shard, frames: frames.names.count) }
        return shard
    }

    func validate() throws {
        if let shard, statistics != nil {
            throw ValidationError("--statistics: found --shard \(shard) too, expected one of both.")
        }
    }
}

extension Shard: ExpressibleByArgument {
    public init?(argument: String) { self.init(argument) }
}

func tooManyParts(_ shard: Shard, frames: Int) -> Failure {
    Failure("--shard: found \(shard.count) parts of \(frames) frames, expected at most \(frames)")
}
