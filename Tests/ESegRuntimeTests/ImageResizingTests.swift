import TestSupport
import Testing

@testable import ESegRuntime

@Suite struct ImageResizingTests {
    @Test func theSameSizeIsTheSameImage() {
        let image = RGBImage.gradient(width: 31, height: 17)
        #expect(image.resized(width: 31, height: 17) == image)
    }

    @Test(arguments: [(1, 1), (7, 3), (64, 48), (480, 360), (33, 200)])
    func flatImagesStayFlat(width: Int, height: Int) {
        let image = RGBImage.flat(width: 64, height: 48, [0, 137, 255])
        #expect(image.resized(width: width, height: height) == RGBImage.flat(width: width, height: height, [0, 137, 255]))
    }

    @Test func doublingInterpolatesBetweenPixelCenters() {
        let image = RGBImage(width: 2, height: 1, pixels: [0, 0, 0, 100, 200, 40])
        #expect(image.resized(width: 4, height: 1).pixels == [0, 0, 0, 25, 50, 10, 75, 150, 30, 100, 200, 40])
    }

    @Test func halvingWeighsAllPixelsUnderTheTriangle() {
        let image = RGBImage(width: 4, height: 1, pixels: [0, 0, 0, 70, 70, 70, 140, 140, 140, 210, 210, 210])
        // Weights 3 3 1 of 7 and 1 3 3 of 7: the triangle of half-width 2 around 1 and 3, cut at the border.
        #expect(image.resized(width: 2, height: 1).pixels == [50, 50, 50, 160, 160, 160])
    }

    @Test func weightsSumToOneForEveryOutput() {
        for (from, to) in [(1, 5), (5, 1), (480, 161), (97, 360), (1000, 999), (16_384, 3)] {
            let axis = ResampledAxis(from: from, to: to)
            for x in 0..<to {
                let weights = axis.weights[axis.offsets[x]..<axis.offsets[x + 1]]
                #expect(weights.reduce(0, +) == 1 << ResampledAxis.weightBits)
                #expect(axis.starts[x] + weights.count <= from)
            }
        }
    }

    @Test func theBytesAreTheSameEverywhere() {
        let image = RGBImage.gradient(width: 101, height: 77)
        func checksum(_ image: RGBImage) -> UInt32 { image.pixels.reduce(0) { $0 &* 31 &+ UInt32($1) } }
        let checksums = [(40, 30), (200, 160), (13, 300)].map { checksum(image.resized(width: $0.0, height: $0.1)) }
        #expect(checksums == [1_428_313_087, 1_795_860_631, 3_870_937_687])
    }

    @Test func classMapsTakeTheClassUnderEachCenter() {
        let map = ClassMap(width: 2, height: 2, classes: [1, 2, 3, 4])
        #expect(map.resized(width: 3, height: 4).classes == [1, 2, 2, 1, 2, 2, 3, 4, 4, 3, 4, 4])
        #expect(map.resized(width: 1, height: 1).classes == [4])
        #expect(map.resized(width: 2, height: 2) == map)
    }
}
