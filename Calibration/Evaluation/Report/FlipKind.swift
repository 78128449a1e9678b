import ESegRuntime

/// What int8's change of a pixel's class means.
enum FlipKind: CaseIterable, Hashable {
    /// Float was right.
    case lost
    /// Int8 is right.
    case gained
    /// Neither is right, or no label tells.
    case undecided

    /// Nil if both networks choose the same class.
    init?(float: UInt8, int8: UInt8, label: UInt8?) {
        guard float != int8 else { return nil }
        self = label == float ? .lost : label == int8 ? .gained : .undecided
    }

    /// Red, green, blue.
    var color: Color {
        switch self {
        case .lost: Color(255, 72, 60)
        case .gained: Color(60, 220, 130)
        case .undecided: Color(255, 200, 40)
        }
    }

    func meaning(labeled: Bool) -> String {
        switch self {
        case .lost: "only float is right"
        case .gained: "only int8 is right"
        case .undecided: labeled ? "neither is right, or no label" : "classes differ"
        }
    }
}

/// An sRGB color.
public struct Color: Sendable, Equatable {
    public var red: UInt8
    public var green: UInt8
    public var blue: UInt8

    public init(_ red: UInt8, _ green: UInt8, _ blue: UInt8) {
        self.red = red
        self.green = green
        self.blue = blue
    }

    /// `#rrggbb`.
    var css: String {
        "#" + [red, green, blue].map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}

extension ComparedFrame {
    /// How many pixels flip in each way.
    var flipCounts: [FlipKind: Int] {
        var counts: [FlipKind: Int] = [:]
        for pixel in float.classes.indices {
            guard let kind = flip(pixel) else { continue }
            counts[kind, default: 0] += 1
        }
        return counts
    }

    func flip(_ pixel: Int) -> FlipKind? {
        FlipKind(float: float.classes[pixel], int8: int8.classes[pixel], label: frame.labels?[pixel])
    }
}
