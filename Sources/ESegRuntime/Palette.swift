/// One color for each of the 256 values of a class map.
public struct Palette: Sendable, Equatable {
    public struct Color: Sendable, Hashable {
        public let red: UInt8
        public let green: UInt8
        public let blue: UInt8

        public init(_ red: UInt8, _ green: UInt8, _ blue: UInt8) {
            self.red = red
            self.green = green
            self.blue = blue
        }
    }

    /// 256 colors; an index that is not a class is black.
    public let colors: [Color]

    /// Cityscapes' colors for the classes it knows by name, well separated hues for all others.
    public init(classNames: [String]) {
        let known = classNames.map { Palette.cityscapes[$0.lowercased()] }
        var taken = Set(known.compactMap { $0 } + [Palette.black])
        var fresh = (0...).lazy.map(Palette.separatedColor).makeIterator()
        var colors: [Color] = []
        for color in known.prefix(256) {
            var next = color ?? fresh.next() ?? Palette.black
            while color == nil && taken.contains(next) { next = fresh.next() ?? Palette.black }
            taken.insert(next)
            colors.append(next)
        }
        self.colors = colors + Array(repeating: Palette.black, count: 256 - colors.count)
    }

    public subscript(classIndex: UInt8) -> Color { colors[Int(classIndex)] }

    /// 256 RGB triples.
    package var triples: [UInt8] { colors.flatMap { [$0.red, $0.green, $0.blue] } }

    package static let black = Color(0, 0, 0)

    private static let cityscapes: [String: Color] = [
        "road": Color(128, 64, 128),
        "pavement": Color(244, 35, 232), "sidewalk": Color(244, 35, 232),
        "building": Color(70, 70, 70),
        "wall": Color(102, 102, 156),
        "fence": Color(190, 153, 153),
        "pole": Color(153, 153, 153),
        "traffic light": Color(250, 170, 30),
        "sign": Color(220, 220, 0), "traffic sign": Color(220, 220, 0),
        "tree": Color(107, 142, 35), "vegetation": Color(107, 142, 35),
        "terrain": Color(152, 251, 152),
        "sky": Color(70, 130, 180),
        "pedestrian": Color(220, 20, 60), "person": Color(220, 20, 60),
        "rider": Color(255, 0, 0),
        "car": Color(0, 0, 142),
        "truck": Color(0, 0, 70),
        "bus": Color(0, 60, 100),
        "train": Color(0, 80, 100),
        "motorcycle": Color(0, 0, 230),
        "bicyclist": Color(119, 11, 32), "bicycle": Color(119, 11, 32),
    ]

    /// Hues a golden section of the circle apart, so that any first few lie far from each other; brightness and saturation take turns.
    private static func separatedColor(_ index: Int) -> Color {
        let goldenSection = 949  // of a circle of 1536 steps, 1536 / 1.618
        let value = [255, 200, 150][index % 3]
        let saturation = [230, 150][index / 3 % 2]
        let step = index * goldenSection % 1536
        let (sector, rise) = (step / 256, step % 256)
        let low = value * (255 - saturation) / 255
        let up = low + (value - low) * rise / 255, down = value - (value - low) * rise / 255
        let (red, green, blue) = [
            (value, up, low), (down, value, low), (low, value, up), (low, down, value), (up, low, value), (value, low, down),
        ][sector]
        return Color(UInt8(red), UInt8(green), UInt8(blue))
    }
}
