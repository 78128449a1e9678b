import ESegNetwork
import Quantization
import Texts

/// What `eseg quantize` did, for programs.
struct QuantizationSummary {
    let output: String
    let name: String
    let frames: Int
    let size: ImageSize
    /// Nodes and modules whose outputs have int16 codes because options named them or quantization chose them.
    let int16Activations: [String]
    /// What could not be equalized, and why.
    let notEqualized: [String]
    /// What calibration saw of doubtful pixels.
    let doubt: DoubtCalibration
    let cost: AccuracyCost?
    let search: QuantizationPipeline.Search?

    /// All of it as a JSON object in UTF-8, keys sorted; what was not measured or asked for is `null`.
    func json() throws -> [UInt8] { try jsonText() }
}

extension QuantizationSummary: Encodable {
    private enum CodingKeys: String, CodingKey { case output, name, frames, size, int16Activations, notEqualized, doubt, cost, search }
    private enum DoubtKeys: String, CodingKey { case margin, pixels, flips }
    private enum CostKeys: String, CodingKey { case frames, argmaxAgreement, floatMIoU, int8MIoU }
    private enum SearchKeys: String, CodingKey { case loss, lossOf8Bits, lossUnit, maxLoss, isMet }

    func encode(to encoder: any Encoder) throws {
        var object = encoder.container(keyedBy: CodingKeys.self)
        try object.encode(output, forKey: .output)
        try object.encode(name, forKey: .name)
        try object.encode(frames, forKey: .frames)
        try object.encode(size.sides, forKey: .size)
        try object.encode(int16Activations, forKey: .int16Activations)
        try object.encode(notEqualized, forKey: .notEqualized)
        if let seen = doubt.seen {
            var doubts = object.nestedContainer(keyedBy: DoubtKeys.self, forKey: .doubt)
            try doubts.encode(doubt.margin, forKey: .margin)
            try doubts.encode(seen.pixels, forKey: .pixels)
            try doubts.encode(seen.flips, forKey: .flips)
        } else {
            try object.encodeNil(forKey: .doubt)
        }
        if let cost {
            var costs = object.nestedContainer(keyedBy: CostKeys.self, forKey: .cost)
            try costs.encode(cost.frames, forKey: .frames)
            try costs.encode(cost.agreement, forKey: .argmaxAgreement)
            try costs.encode(cost.meanIoU?.float, forKey: .floatMIoU)
            try costs.encode(cost.meanIoU?.int8, forKey: .int8MIoU)
        } else {
            try object.encodeNil(forKey: .cost)
        }
        if let search {
            var found = object.nestedContainer(keyedBy: SearchKeys.self, forKey: .search)
            try found.encode(search.outcome.best.loss, forKey: .loss)
            try found.encode(search.outcome.plain.loss, forKey: .lossOf8Bits)
            try found.encode(search.lossUnit, forKey: .lossUnit)
            try found.encode(search.maxLoss, forKey: .maxLoss)
            try found.encode(search.outcome.meetsTarget, forKey: .isMet)
        } else {
            try object.encodeNil(forKey: .search)
        }
    }
}
