import ArgumentParser
import Quantization
import ESegImaging
import ESegNetwork
import ESegRuntime

/// Dividing calibration among processes and machines: the options of `eseg quantize` for that.
struct CalibrationParts: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Observe only part k of n of the frames, every n-th from the k-th on, and write statistics for eseg merge. (default: all)",
            valueName: "k/n"))
    var shard: Shard?

    @Option(help: ArgumentHelp(
        "Go on from these statistics of all parts, as eseg merge writes them, instead of observing the frames again.", valueName: "file"))
    var statistics: String?

    /// The statistics to go on from, if there are any. Throws where parts are missing.
    func given() throws -> (part: CalibrationPart, path: String)? {
        guard let statistics else { return nil }
        let part = try CalibrationPart(contentsOf: statistics)
        try part.header.requireAll(file: statistics)
        return (part, statistics)
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

/// Watches a prepared network run over frames.
struct Observation {
    let network: FloatNetwork
    let frames: CalibrationFrames
    let isa: ISA
    let threads: Int

    /// What it does on all frames.
    func statistics() throws -> CalibrationStatistics { try statistics(of: frames.paths) }

    /// What it does on a part of them. Throws where that part would have none.
    func part(_ shard: Shard) throws -> CalibrationPart {
        guard shard.count <= frames.paths.count else { throw tooManyParts(shard, frames: frames.paths.count) }
        let seen = try statistics(of: shard.frames(of: frames.paths.count).map { frames.paths[$0] })
        return CalibrationPart(of: network, isa: "\(isa)", frameNames: names, shard: shard, statistics: seen)
    }

    /// What a file says that it does on all frames. Throws unless that is of this network and these frames, and whole.
    func statistics(_ part: CalibrationPart, from path: String) throws -> CalibrationStatistics {
        let whole = CalibrationPart.header(
            of: network, isa: "\(isa)", frameNames: names, shard: .whole, size: (frames.size.width, frames.size.height))
        try whole.require(part.header, file: path, like: "this run")
        return part.statistics
    }

    private var names: [String] { frames.paths.map(fileName) }

    private func statistics(of paths: [String]) throws -> CalibrationStatistics {
        var calibrator = try Calibrator(
            network: network, height: frames.size.height, width: frames.size.width, isa: isa, threads: threads)
        var progress = ProgressBar("calibrating", total: paths.count)
        defer { progress.finish() }
        for path in paths {
            try calibrator.add(image: frames.image(path))
            progress.advance()
        }
        return try calibrator.finish()
    }
}

func tooManyParts(_ shard: Shard, frames: Int) -> Failure {
    Failure("--shard: found \(shard.count) parts of \(frames) frames, expected at most \(frames)")
}
