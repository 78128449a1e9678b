import ESegRuntime
import TestSupport
import Testing

@testable import ESegImaging

@Suite struct PaletteTests {
    @Test func streetClassesHaveTheirCustomaryColors() {
        let palette = Palette(classNames: ["sky", "Road", "pedestrian"])
        #expect(palette[1] == Palette.Color(128, 64, 128))
        #expect(palette[2] == Palette.Color(220, 20, 60))
    }

    @Test func unknownClassesNeverShareAColor() {
        let names = ["road", "car"] + (0..<253).map { "class \($0)" }
        let colors = Palette(classNames: names).colors.prefix(255)
        #expect(Set(colors).count == 255)
        #expect(!colors.contains(Palette.black))
    }

    @Test func theFirstUnknownClassesAreFarApart() {
        let colors = Palette(classNames: (0..<12).map { "class \($0)" }).colors.prefix(12)
        for (i, a) in colors.enumerated() {
            for b in colors.prefix(i) {
                let distance = abs(Int(a.red) - Int(b.red)) + abs(Int(a.green) - Int(b.green)) + abs(Int(a.blue) - Int(b.blue))
                #expect(distance >= 60, "\(a) and \(b)")
            }
        }
    }

    @Test func whatIsNoClassIsBlack() { #expect(Palette(classNames: ["sky"])[LabelMap.ignored] == Palette.black) }

    @Test func overlaysBlendTheColorOverTheFrame() {
        let palette = Palette(classNames: ["road", "car"])
        let map = ClassMap(width: 2, height: 1, classes: [0, 1])
        let frame = RGBImage(width: 2, height: 1, pixels: [100, 100, 100, 0, 0, 0])
        #expect(map.overlaid(on: frame, palette: palette).pixels == [114, 82, 114, 0, 0, 71])
        #expect(map.overlaid(on: frame, palette: palette, opacity: 0) == frame)
        #expect(map.overlaid(on: frame, palette: palette, opacity: 256) == map.colored(palette: palette))
    }
}
