/// Why a network cannot be calibrated or quantized.
public enum CalibrationError: Error, Equatable, CustomStringConvertible {
    case noImages
    case imageSize(found: String, expected: String)
    /// An activation is NaN or infinite.
    case notFinite(node: String, image: Int)
    case parameter(name: String, found: String, expected: String)
    case statistics(found: String, expected: String)
    case unsupported(node: String, operation: String)
    case int16Weights(name: String)
    case int16Activations(name: String)

    public var description: String {
        switch self {
        case .noImages: "calibration: images: found none, expected at least one"
        case .imageSize(let found, let expected): "calibration: image size: found \(found), expected \(expected) like the first image"
        case .notFinite(let node, let image):
            "calibration: output of \(node) for image \(image + 1): found a value that is NaN or infinite, expected finite activations"
        case .parameter(let name, let found, let expected): "network: parameter \(name): found \(found), expected \(expected)"
        case .statistics(let found, let expected): "calibration: statistics: found \(found), expected \(expected)"
        case .unsupported(let node, let operation): "network: node \(node): found \(operation), which int8 arithmetic does not have"
        case .int16Weights(let name):
            "options: int16 weights \"\(name)\": found no dense convolution of that name, expected the name of one or of a module of some"
        case .int16Activations(let name):
            "options: int16 activations \"\(name)\": found no node of that name whose output could have 8 bits or 16, "
                + "expected the name of one or of a module of some"
        }
    }
}
