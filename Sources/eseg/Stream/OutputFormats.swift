import ArgumentParser
import ESegImaging
import ESegRuntime

/// What is written to standard output.
enum StreamKind: String, ExpressibleByArgument, CaseIterable {
    case raw, y4m, mjpeg, rle, polygons

    static let names = allCases.map(\.rawValue).joined(separator: ", ")

    func encoder(classNames: [String], withDoubt: Bool) throws -> any FrameEncoder {
        switch self {
        case .raw: ClassMapStreamEncoder(y4m: false, withDoubt: withDoubt)
        case .y4m: ClassMapStreamEncoder(y4m: true, withDoubt: withDoubt)
        case .mjpeg: try OverlayJPEGEncoder(palette: Palette(classNames: classNames))
        case .rle: RunLengthEncoder(classNames: classNames)
        case .polygons: PolygonEncoder(classNames: classNames)
        }
    }
}

/// What the files of class maps are.
enum MapFormat: String, ExpressibleByArgument, CaseIterable {
    case png, rle, polygons

    static let names = allCases.map(\.rawValue).joined(separator: ", ")

    var fileNames: NumberedNames { self == .png ? .png : .json }

    func encoder(classNames: [String]) throws -> any FrameEncoder {
        switch self {
        case .png: try ClassMapPNGEncoder(palette: Palette(classNames: classNames))
        case .rle: RunLengthEncoder(classNames: classNames)
        case .polygons: PolygonEncoder(classNames: classNames)
        }
    }
}
