/// Why two networks cannot be compared on a data set.
public enum CompareError: Error, Equatable, CustomStringConvertible {
    case noFrames
    case mapSizes(frame: String, float: String, int8: String)
    /// Most labels are no classes.
    case unknownLabels(found: String, expected: String)
    case labelCount(frame: String, found: Int, expected: Int)

    public var description: String {
        switch self {
        case .noFrames: "data set: frames: found none, expected at least one"
        case .mapSizes(let frame, let float, let int8): "\(frame): int8 class map: found \(int8), expected \(float) as from float"
        case .unknownLabels(let found, let expected): "data set: labels: found \(found), expected \(expected)"
        case .labelCount(let frame, let found, let expected): "\(frame): labels: found \(found) pixels, expected \(expected)"
        }
    }
}
