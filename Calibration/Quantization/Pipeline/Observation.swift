import ESegNetwork
import ESegRuntime

/// Watches a prepared network run over frames.
struct Observation {
    let network: FloatNetwork
    let frames: CalibrationFrames
    let isa: ISA
    let threads: Int
    let report: QuantizationReport

    /// What it does on all frames.
    func statistics() throws -> CalibrationStatistics { try statistics(of: Array(frames.names.indices)) }

    /// What it does on a part of them; throws where that part has none.
    func part(_ shard: Shard) throws -> CalibrationPart {
        let seen = try statistics(of: shard.frames(of: frames.names.count))
        return CalibrationPart(of: network, isa: "\(isa)", frameNames: frames.names, shard: shard, statistics: seen)
    }

    /// What a file says that it does on all frames. Throws unless that is of this network and these frames, and whole.
    func statistics(_ part: CalibrationPart, from file: String) throws -> CalibrationStatistics {
        let whole = CalibrationPart.header(
            of: network, isa: "\(isa)", frameNames: frames.names, shard: .whole, size: (frames.width, frames.height))
        try whole.require(part.header, file: file, like: "this run")
        try part.header.requireAll(file: file)
        return part.statistics
    }

    private func statistics(of indices: [Int]) throws -> CalibrationStatistics {
        var calibrator = try Calibrator(network: network, height: frames.height, width: frames.width, isa: isa, threads: threads)
        return try staged(.calibrating, steps: indices.count, report) { advance in
            for index in indices {
                try calibrator.add(image: frames.image(index))
                advance()
            }
            return try calibrator.finish()
        }
    }
}
