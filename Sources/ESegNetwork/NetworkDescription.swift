/// What every network has beside its graph and parameters: what it is called, what its classes are, how it takes pixels, and how its logits
/// become classes.
public struct NetworkDescription: Sendable, Equatable {
    public var name: String
    /// One name for each class index.
    public var classNames: [String]
    /// Per channel in the network's order: the network reads (pixel/255 − mean) / std.
    public var mean: [Float]
    public var std: [Float]
    public var channelOrder: ChannelOrder
    /// How logits are brought to the image's size, bilinearly, before the greatest is chosen: half-pixel or with aligned corners.
    public var upsampling: SamplePositions
    /// The image size that the network was made for; nil where any is as good.
    public var imageSize: MapSize?

    public init(
        name: String, classNames: [String], mean: [Float], std: [Float], channelOrder: ChannelOrder = .rgb,
        upsampling: SamplePositions = .halfPixel, imageSize: MapSize? = nil
    ) {
        self.upsampling = upsampling
        self.imageSize = imageSize
        self.name = name
        self.classNames = classNames
        self.mean = mean
        self.std = std
        self.channelOrder = channelOrder
    }
}

/// The order in which a network's first layers take the channels of a pixel.
public enum ChannelOrder: String, Sendable, Equatable, CaseIterable {
    case rgb, bgr
}

extension NetworkDescription {
    enum Limits {
        static let classes = 1...255
        static let nameLength = 256
        static let mean: ClosedRange<Float> = -1000...1000
        static let std: ClosedRange<Float> = 1e-4...1000
    }

    /// Throws naming `file` and the first field out of its range.
    public func validate(file: String) throws(NetworkError) {
        func require(_ holds: Bool, _ field: String, _ found: String, _ expected: String) throws(NetworkError) {
            guard holds else { throw NetworkError(file: file, field: "network.\(field)", found: found, expected: expected) }
        }
        try require(name.utf8.count <= Limits.nameLength, "name", "\(name.utf8.count) bytes", "at most \(Limits.nameLength)")
        try require(Limits.classes.contains(classNames.count), "classes", "\(classNames.count) names", "\(Limits.classes)")
        for (index, name) in classNames.enumerated() {
            try require(Self.isClassName(name), "classes[\(index)]", quoted(name), Self.expectedClassName)
        }
        for (field, values, limits) in [("mean", mean, Limits.mean), ("std", std, Limits.std)] {
            try require(values.count == 3, field, "\(values.count) values", "3")
            for value in values { try require(limits.contains(value), field, "\(value)", "a number in \(limits)") }
        }
        try require(upsampling != .asymmetric, "upsampling", upsampling.rawValue, "half_pixel or align_corners")
        if let imageSize {
            let sides = Graph.imageSides
            try require(
                sides.contains(imageSize.height) && sides.contains(imageSize.width), "image_size", "\(imageSize)", "\(sides) a side")
        }
    }

    /// Throws where a mean cannot be one of pixel/255: those of pixels from 0 to 255 are published too.
    package static func checkMean(_ mean: [Float], file: String) throws(NetworkError) {
        guard let value = mean.first(where: { abs($0) > 1 }) else { return }
        throw NetworkError(
            file: file, field: "mean", found: "\(value)",
            expected: "that of pixel/255, at most 1: of pixels from 0 to 255, mean and std are divided by 255, this one to \(value / 255)")
    }

    /// Whether a text may name a class: it is printed as it is.
    package static func isClassName(_ text: String) -> Bool {
        text.utf8.count <= Limits.nameLength && text.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
    }

    package static let expectedClassName = "a name of at most 256 bytes without control characters"
}

// In the metadata of an `.eseg` file
extension NetworkDescription {
    /// Reads a description from its JSON, every field present and in range, none unknown. Throws naming `file` and the field.
    init(json: JSONValue, file: String) throws(NetworkError) {
        var fields = try JSONFields(json, file: file, path: "network")
        name = try fields.string("name")
        classNames = []
        for (index, element) in try fields.array("classes", count: Limits.classes).enumerated() {
            guard case .string(let text) = element else {
                throw fields.error("classes[\(index)]", found: element.summary, expected: Self.expectedClassName)
            }
            classNames.append(text)
        }
        mean = try fields.floats("mean", count: 3)
        std = try fields.floats("std", count: 3)
        channelOrder = try fields.choice("channel_order")
        upsampling = fields.has("upsampling") ? try fields.choice("upsampling") : .halfPixel
        if fields.has("image_size") {
            let sides = try fields.integers("image_size", count: 2...2, in: Graph.imageSides)
            imageSize = MapSize(height: sides[0], width: sides[1])
        }
        try fields.end()
        try validate(file: file)
    }

    /// The JSON that `init(json:file:)` reads back exactly: what is as in most networks is left out.
    var json: JSONValue {
        var members: [JSONValue.Member] = [
            .init(key: "name", value: .string(name)), .init(key: "classes", value: .array(classNames.map(JSONValue.string))),
            .init(key: "mean", value: .array(mean.map { JSONValue($0) })), .init(key: "std", value: .array(std.map { JSONValue($0) })),
            .init(key: "channel_order", value: .string(channelOrder.rawValue)),
        ]
        if upsampling != .halfPixel { members.append(.init(key: "upsampling", value: .string(upsampling.rawValue))) }
        if let imageSize {
            members.append(.init(key: "image_size", value: .array([.integer(imageSize.height), .integer(imageSize.width)])))
        }
        return .object(members)
    }
}
