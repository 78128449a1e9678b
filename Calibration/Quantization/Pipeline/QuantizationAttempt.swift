import ESegNetwork
import ESegRuntime

/// A float network prepared and calibrated once, to be quantized in several ways.
struct QuantizationAttempt {
    let prepared: PreparedNetwork
    let statistics: CalibrationStatistics
    let fitting: FittingFrames
    let isa: ISA
    let threads: Int
    let report: QuantizationReport

    func quantize(_ options: QuantizationOptions) throws -> QuantizedNetwork {
        try staged(.quantizing, steps: prepared.network.graph.nodes.count, report) { advance in
            try Quantizer.quantize(
                prepared, statistics: statistics, fittedTo: fitting, options: options, isa: isa, threads: threads, advance: advance)
        }
    }

    /// What 8 bits do to each layer of the prepared network, on some of the frames.
    func analyze() throws -> Analysis {
        let int8 = try Quantizer.quantize(
            network: prepared.network, statistics: statistics, options: QuantizationOptions(effort: .fast))
        let images = evenlySpacedIndices(QuantizationAttempt.analyzedFrames, of: fitting.images.count).map { fitting.images[$0] }
        return try Analysis(
            of: prepared.network, int8: int8, on: FittingFrames(images), labels: images.map { _ in nil }, isa: isa, threads: threads, report
        )
    }

    private static let analyzedFrames = 2
}
