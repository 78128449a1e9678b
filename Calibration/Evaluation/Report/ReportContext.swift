import ESegRuntime

/// What a report says beside the comparison's figures.
public struct ReportContext: Sendable, Equatable {
    /// The float weight file's name.
    public var floatModel: String
    /// The `.eseg` file's name.
    public var int8Model: String
    public var dataset: String
    /// How it was measured, for example ("threads", "2"); shown in this order.
    public var settings: [Setting]
    /// One per class.
    public var colors: [Color]

    public struct Setting: Sendable, Equatable {
        public var name: String
        public var value: String

        public init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    public init(floatModel: String, int8Model: String, dataset: String, settings: [Setting], colors: [Color]) {
        self.floatModel = floatModel
        self.int8Model = int8Model
        self.dataset = dataset
        self.settings = settings
        self.colors = colors
    }
}

/// Encodes the report's pictures.
public struct PictureEncoder {
    /// A photograph as JPEG.
    public var jpeg: (RGBImage) throws -> [UInt8]
    /// A picture of few colors, without loss, as PNG.
    public var png: (RGBImage) throws -> [UInt8]

    public init(jpeg: @escaping (RGBImage) throws -> [UInt8], png: @escaping (RGBImage) throws -> [UInt8]) {
        self.jpeg = jpeg
        self.png = png
    }
}
