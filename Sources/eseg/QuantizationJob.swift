import ESegImaging
import ESegNetwork
import ESegRuntime
import Quantization
import Texts

/// A float network prepared and calibrated once, to be quantized in several ways.
struct QuantizationJob {
    let prepared: PreparedNetwork
    let statistics: CalibrationStatistics
    let fitting: FittingFrames
    let isa: ISA
    let threads: Int

    func quantize(_ options: QuantizationOptions) throws -> QuantizedNetwork {
        var progress = ProgressBar("quantizing", total: prepared.network.graph.nodes.count)
        defer { progress.finish() }
        return try Quantizer.quantize(
            prepared, statistics: statistics, fittedTo: fitting, options: options, isa: isa, threads: threads
        ) { progress.advance() }
    }

    /// What 8 bits do to each layer of the prepared network, on some of the frames.
    func analyze() throws -> Analysis {
        let plain = QuantizationOptions(effort: .fast)
        let int8 = try Quantizer.quantize(network: prepared.network, statistics: statistics, options: plain)
        var analyzer = try Analyzer(
            prepared.network, int8: int8, height: fitting.height, width: fitting.width, isa: isa, threads: threads)
        let images = evenlySpacedIndices(QuantizationJob.analyzedFrames, of: fitting.images.count).map { fitting.images[$0] }
        var progress = ProgressBar("analyzing", total: analyzer.advances * images.count)
        defer { progress.finish() }
        for image in images { try analyzer.add(image, labels: nil) { progress.advance() } }
        return try analyzer.finish()
    }

    private static let analyzedFrames = 2
}

extension PrecisionSearch.Outcome {
    /// What it took.
    func summary(target: Double, unit: String) -> String {
        let int16 = best.int16.isEmpty ? "no layer" : "\(best.int16.count) layers"
        return "int16 activations: \(int16); loss \(best.loss.text(decimals: 3)) \(unit), "
            + "\(plain.loss.text(decimals: 3)) with 8 bits alone, allowed \(target.text(decimals: 3))"
    }

    /// Why the target was not met.
    func obstacle(target: Double, unit: String) -> String {
        let all = (widest ?? plain).loss.text(decimals: 3), count = (widest ?? plain).int16.count
        return "--max-loss: found \(best.loss.text(decimals: 3)) \(unit) at best, expected at most \(target.text(decimals: 3)): "
            + "with all \(count) layers at int16 the loss is still \(all), so that no choice of them meets it; "
            + "what is left are pixels whose two best classes nearly tie"
    }
}
