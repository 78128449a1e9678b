import Texts

/// What labels say of the pixels that are measured: which have a class, and which a label that is none.
public struct LabelTally: Sendable, Equatable {
    public let classes: Int
    /// Frames that have labels.
    public private(set) var frames = 0
    /// Pixels whose label is a class.
    public private(set) var known = 0
    /// Pixels whose label is no class, and is not 255 either, by label.
    public private(set) var unknown = [Int](repeating: 0, count: 256)

    public init(classes: Int) { self.classes = classes }

    /// nil unless these are counts of labels of that many classes.
    package init?(classes: Int, frames: Int, known: Int, unknown: [Int]) {
        guard unknown.count == 256, ([frames, known] + unknown).allSatisfy({ $0 >= 0 }) else { return nil }
        (self.classes, self.frames, self.known, self.unknown) = (classes, frames, known, unknown)
    }

    /// Counts a frame's labels, if it has any.
    package mutating func add(_ frame: LabeledFrame) {
        guard let labels = frame.labels else { return }
        frames += 1
        known += labels.count { Int($0) < classes }
        for (label, pixels) in frame.unknownLabels { unknown[Int(label)] += pixels }
    }

    /// Takes in the counts of other frames.
    package mutating func merge(_ other: LabelTally) {
        frames += other.frames
        known += other.known
        for (label, pixels) in other.unknown.enumerated() { unknown[label] += pixels }
    }

    /// Throws where most labels are no classes: they are of another numbering, and figures of the rest would say nothing.
    package func check() throws(CompareError) {
        guard unknownPixels <= known else { throw .unknownLabels(found: "\(shareOfUnknown), such as \(values)", expected: expected) }
    }

    /// What is to be known of figures that come from the labels; nil where all have a class, or say that they have none.
    public var note: String? {
        if frames > 0, known + unknownPixels == 0 { return "found no pixel with a class, expected \(expected)" }
        return unknownPixels == 0 ? nil : "found \(values) in \(shareOfUnknown), which do not count, expected \(expected)"
    }

    private var unknownPixels: Int { unknown.reduce(0, +) }
    private var expected: String { "classes from 0 to \(classes - 1), or 255 for none" }

    private var shareOfUnknown: String {
        "\((100 * Double(unknownPixels) / Double(unknownPixels + known)).text(decimals: 2)) % of labeled pixels"
    }

    private var values: String {
        let found = unknown.indices.filter { unknown[$0] > 0 }, shown = found.prefix(8).map { "\($0)" }.joined(separator: ", ")
        return found.count > 8 ? shown + " and \(found.count - 8) others" : shown
    }
}
