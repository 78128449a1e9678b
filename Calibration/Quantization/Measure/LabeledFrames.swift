import ESegRuntime

/// One frame of a data set.
public struct LabeledFrame: Sendable, Equatable {
    public var name: String
    public var image: RGBImage
    /// One class index per pixel of the class map, or nil.
    public var labels: [UInt8]?
    /// Pixels by labels that are no classes, which `labels` does not have any more.
    public var unknownLabels: [UInt8: Int]

    public init(name: String, image: RGBImage, labels: [UInt8]?, unknownLabels: [UInt8: Int] = [:]) {
        self.name = name
        self.image = image
        self.labels = labels
        self.unknownLabels = unknownLabels
    }
}

/// A data set read frame by frame, so that it need not fit into memory.
public struct LabeledFrames {
    public let count: Int
    /// The frame at an index in `0..<count`.
    public let frame: (Int) throws -> LabeledFrame

    public init(count: Int, frame: @escaping (Int) throws -> LabeledFrame) {
        self.count = count
        self.frame = frame
    }
}

/// `count` indices evenly spaced in `0..<total`, at floor(i · total / count); all of them if there are no more.
public func evenlySpacedIndices(_ count: Int, of total: Int) -> [Int] {
    guard count > 0, total > 0 else { return [] }
    guard count < total else { return Array(0..<total) }
    return (0..<count).map { Int((Double($0) * Double(total) / Double(count)).rounded(.down)) }
}
