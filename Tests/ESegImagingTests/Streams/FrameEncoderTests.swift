import ESegRuntime
import TestSupport
import Testing

@testable import ESegImaging

@Suite struct FrameEncoderTests {
    @Test func filesOfFramesAreThoseOfImages() throws {
        let palette = Palette(classNames: ["road", "sky"]), frame = StreamFrame()
        let classMaps = try ClassMapPNGEncoder(palette: palette), overlays = try OverlayPNGEncoder(palette: palette)
        for (width, height) in [(40, 30), (17, 50), (40, 30)] {
            let image = RGBImage.gradient(width: width, height: height)
            let map = ClassMap(width: width, height: height, classes: (0..<width * height).map { UInt8($0 % 3) })
            frame.reshape(width: width, height: height)
            (frame.pixels, frame.classes) = (image.pixels, map.classes)
            var written: [[UInt8]] = []
            try classMaps.encode(frame) { written.append(Array($0)) }
            try overlays.encode(frame) { written.append(Array($0)) }
            #expect(try written == [map.pngBytes(palette: palette), map.overlaid(on: image, palette: palette).pngBytes()])
        }
    }
}
