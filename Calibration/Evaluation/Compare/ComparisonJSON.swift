import Quantization
import Texts

extension Comparison {
    /// The comparison as a JSON object in UTF-8, keys sorted; what is nil or not finite is `null`.
    public func json() throws -> [UInt8] { try jsonText() }
}

extension Comparison: Encodable {
    private enum CodingKeys: String, CodingKey {
        case float, int8, argmaxAgreement, doubt, meanSqnrDb, layers, frames, before, labels
        case classNames = "classes"
    }

    public func encode(to encoder: any Encoder) throws {
        var object = encoder.container(keyedBy: CodingKeys.self)
        try object.encode(classNames, forKey: .classNames)
        try object.encode(float, forKey: .float)
        try object.encode(int8, forKey: .int8)
        try object.encode(finite(argmaxAgreement), forKey: .argmaxAgreement)
        try object.encode(doubt, forKey: .doubt)
        try object.encode(finite(meanSqnrDb), forKey: .meanSqnrDb)
        try object.encode(layers, forKey: .layers)
        try object.encode(frames, forKey: .frames)
        try object.encode(before, forKey: .before)
        try object.encode(labels, forKey: .labels)
    }
}

extension Comparison.Side: Encodable {
    private enum CodingKeys: String, CodingKey {
        case mIoU, pixelAccuracy, boundaryIoU, perClassIoU, medianMs, peakBytes
    }

    public func encode(to encoder: any Encoder) throws {
        var object = encoder.container(keyedBy: CodingKeys.self)
        try object.encode(finite(mIoU), forKey: .mIoU)
        try object.encode(finite(pixelAccuracy), forKey: .pixelAccuracy)
        try object.encode(finite(boundaryIoU), forKey: .boundaryIoU)
        try object.encode(perClassIoU.map(finite), forKey: .perClassIoU)
        try object.encode(finite(medianMs), forKey: .medianMs)
        try object.encode(peakBytes, forKey: .peakBytes)
    }
}

extension Comparison.Layer: Encodable {
    private enum CodingKeys: String, CodingKey {
        case name, sqnrDb
    }

    public func encode(to encoder: any Encoder) throws {
        var object = encoder.container(keyedBy: CodingKeys.self)
        try object.encode(name, forKey: .name)
        try object.encode(finite(sqnrDb), forKey: .sqnrDb)
    }
}

extension Comparison.Before: Encodable {
    private enum CodingKeys: String, CodingKey {
        case name, techniques, argmaxAgreement, mIoU, meanSqnrDb
    }

    public func encode(to encoder: any Encoder) throws {
        var object = encoder.container(keyedBy: CodingKeys.self)
        try object.encode(name, forKey: .name)
        try object.encode(techniques, forKey: .techniques)
        try object.encode(finite(argmaxAgreement), forKey: .argmaxAgreement)
        try object.encode(finite(mIoU), forKey: .mIoU)
        try object.encode(finite(meanSqnrDb), forKey: .meanSqnrDb)
    }
}

extension LabelTally: Encodable {
    private enum CodingKeys: String, CodingKey {
        case frames, known, unknown
    }

    /// `unknown` holds pixels by label, of those that there are.
    public func encode(to encoder: any Encoder) throws {
        var object = encoder.container(keyedBy: CodingKeys.self)
        try object.encode(frames, forKey: .frames)
        try object.encode(known, forKey: .known)
        let labels = unknown.enumerated().filter { $0.element > 0 }.map { ("\($0.offset)", $0.element) }
        try object.encode(Dictionary(labels, uniquingKeysWith: +), forKey: .unknown)
    }
}

func finite(_ value: Double?) -> Double? {
    value.flatMap { $0.isFinite ? $0 : nil }
}
