import ESegNetwork
import ESegRuntime

/// All of quantization, as `eseg quantize` does it: from float weights and frames to an int8 network that says how it came to be.
public struct QuantizationPipeline {
    /// What a run gives.
    public struct Outcome: Sendable {
        public let network: QuantizedNetwork
        /// How the network was found, where a loss was bounded: the best there is may still lose more.
        public let search: Search?
        /// What int8 costs, where that was measured to be recorded.
        public let cost: AccuracyCost?
    }

    /// What came of the search for a network that loses no more than it may.
    public struct Search: Sendable {
        public let outcome: PrecisionSearch.Outcome
        /// In points, of `lossUnit`, as the outcome's losses.
        public let maxLoss: Double
        public let lossUnit: String
    }

    private let float: FloatNetwork
    private let weights: String?
    private let frames: CalibrationFrames
    private let framesName: String?
    private let options: QuantizationOptions
    private let isa: ISA
    private let threads: Int
    private let report: (QuantizationEvent) -> Void

    /// - Parameters:
    ///   - weights: what the network's file says that it was made from.
    ///   - framesName: what the network's file says that it was calibrated on.
    public init(
        _ float: FloatNetwork, named weights: String? = nil, frames: CalibrationFrames, named framesName: String? = nil,
        options: QuantizationOptions = QuantizationOptions(), isa: ISA = .best, threads: Int,
        report: @escaping (QuantizationEvent) -> Void = { _ in }
    ) {
        (self.float, self.weights, self.frames, self.framesName) = (float.gatheringGates(), weights, frames, framesName)
        (self.options, self.isa, self.threads, self.report) = (options, isa, threads, report)
    }

    /// Prepares the network, calibrates it, gives int16 activations to outputs that the options' effort takes for ruined or, where a loss is
    /// bounded, to as few as meet that, quantizes it, and records what it was made from, how far each node's output is from float's and which pixels are doubtful.
    ///
    /// - Parameters:
    ///   - statistics: of all parts of the frames, which are then not observed again, and the file that they are from.
    ///   - measurement: on which frames to measure what int8 costs, and what for.
    /// - Throws: `CalibrationError`, `RuntimeError`, `NetworkError` for statistics of another run, and what the frames throw.
    public func run(
        statistics given: (part: CalibrationPart, file: String)? = nil, measurement: CostMeasurement? = nil
    ) throws -> Outcome {
        let fitting = try frames.fitting(float.graph), prepared = try prepared(fitting)
        let observation = observation(of: prepared)
        let statistics = try given.map { try observation.statistics($0.part, from: $0.file) } ?? observation.statistics()
        let attempt = QuantizationAttempt(
            prepared: prepared, statistics: statistics, fitting: fitting, isa: isa, threads: threads, report: report)
        var meter = measurement.map { CostMeter(float, on: $0.frames, isa: isa, threads: threads) }
        var (network, search) = try chosen(attempt, &meter, maxLoss: measurement?.maxLoss)
        try network.recordAccuracy(against: float, on: fitting, isa: isa, threads: threads)
        let margins = try DoubtMargins(float, on: fitting, isa: isa, threads: threads, report)
        try margins.calibration(of: network)?.write(to: &network.provenance)
        network.provenance[Provenance.weights] = weights
        network.provenance[Provenance.frames] = framesName
        let cost = measurement?.isRecorded == true ? try meter?.cost(of: network, report) : nil
        if let measurement, let cost { network.provenance[Provenance.cost] = cost.line(dataset: measurement.frames.name) }
        return Outcome(network: network, search: search, cost: cost)
    }

    /// What the prepared network does on a part of the frames; parts of all frames, merged, are `statistics` for `run`.
    /// - Throws: as `run`.
    public func part(_ shard: Shard) throws -> CalibrationPart {
        try observation(of: prepared(frames.fitting(float.graph))).part(shard)
    }

    private func prepared(_ fitting: FittingFrames) throws -> PreparedNetwork {
        let prepared = try PreparedNetwork(float, frames: fitting, options: options, isa: isa, threads: threads)
        report(.prepared(prepared.skipped))
        return prepared
    }

    private func observation(of prepared: PreparedNetwork) -> Observation {
        Observation(network: prepared.network, frames: frames, isa: isa, threads: threads, report: report)
    }

    /// The network whose int16 outputs the options name, and those that the effort or the bound adds.
    private func chosen(
        _ attempt: QuantizationAttempt, _ meter: inout CostMeter?, maxLoss: Double?
    ) throws -> (QuantizedNetwork, Search?) {
        guard maxLoss != nil || options.techniques.contains(.mixedPrecision) else { return (try attempt.quantize(options), nil) }
        let analysis = try attempt.analyze()
        guard let maxLoss else {
            var names = analysis.needsInt16(options.effort)
            if options.effort == .default {
                let budget = try Int16Budget(attempt.prepared.network.graph, height: attempt.fitting.height, width: attempt.fitting.width)
                names = budget.affordable(names)
            }
            report(.choseInt16(names))
            return (try attempt.quantize(options.adding(int16: names)), nil)
        }
        var unit = ""
        let outcome = try PrecisionSearch(analysis).run(target: maxLoss) { names in
            try attempt.quantize(options.adding(int16: names))
        } measure: { network in
            guard let cost = try meter?.cost(of: network, report) else { return 0 }
            unit = cost.lossUnit
            return cost.loss
        }
        let search = Search(outcome: outcome, maxLoss: maxLoss, lossUnit: unit)
        report(.searched(search))
        return (outcome.best.network, search)
    }
}

extension QuantizationOptions {
    fileprivate func adding(int16 names: [String]) -> QuantizationOptions {
        var options = self
        options.int16Activations += names.filter { !int16Activations.contains($0) }
        return options
    }
}
