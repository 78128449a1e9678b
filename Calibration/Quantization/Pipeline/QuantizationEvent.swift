/// What a `QuantizationPipeline` tells while it works.
public enum QuantizationEvent: Sendable {
    /// Of so many steps. Stages do not overlap; each has its `ended`, also where it fails.
    case began(QuantizationStage, steps: Int)
    case advanced
    case ended
    /// The network is prepared, but for what could not be equalized.
    case prepared([EqualizationSkip])
    /// Nodes whose outputs 8 bits would hurt so much that the effort makes them int16, the worst first; there may be none.
    case choseInt16([String])
    /// The search for a network that loses no more than it may has ended.
    case searched(QuantizationPipeline.Search)
}

/// What takes time.
public enum QuantizationStage: String, Sendable, CaseIterable {
    case calibrating, analyzing, quantizing, measuring
    /// Which pixels are doubtful is found out.
    case doubt = "looking for doubtful pixels"
}

typealias QuantizationReport = (QuantizationEvent) -> Void

/// What `body` gives, told as one stage.
func staged<Result>(
    _ stage: QuantizationStage, steps: Int, _ report: @escaping QuantizationReport, _ body: (_ advance: () -> Void) throws -> Result
) rethrows -> Result {
    report(.began(stage, steps: steps))
    defer { report(.ended) }
    return try body { report(.advanced) }
}
