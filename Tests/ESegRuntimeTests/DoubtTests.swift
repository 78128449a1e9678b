import ESegNetwork
import TestSupport
import Testing

@testable import ESegRuntime

@Suite struct DoubtTests {
    private let image = ExactnessTests.scene(height: 97, width: 161)

    private func network(margin: Float? = nil) throws -> QuantizedNetwork {
        var network = try QuantizedNetwork(contentsOf: ExactnessTests.path)
        guard let margin else { return network }
        let factors = (0..<11).map { 1 + Float($0 % 4) / 8 }
        DoubtCalibration(margin: margin, best: factors, second: factors.reversed(), seen: .init(pixels: 0, flips: 0))
            .write(to: &network.provenance)
        return network
    }

    private func doubt(isa: ISA = .best, threads: Int = 1, margin: Float = 0.5) throws -> (map: ClassMap, doubt: [UInt8]) {
        try Session(Model(network(margin: margin), isa: isa), height: 97, width: 161, threads: threads).segmentWithDoubt(image)
    }

    @Test(arguments: ISA.underTest)
    func bytesAreTheSameOnEveryISAAndForEveryNumberOfThreads(isa: ISA) throws {
        for threads in [1, 3] {
            var digest = Digest()
            digest.add(try doubt(isa: isa, threads: threads).doubt)
            #expect(digest.text == "0b71db37855b089419463c8b3514ec11eba09b30325e313aa005c44ac7fe87e1")
        }
    }

    @Test func classesAreThoseWithoutDoubt() throws {
        let session = try Session(Model(network()), height: 97, width: 161)
        #expect(try session.segmentWithDoubt(image).map == session.segment(image))
    }

    /// A wider margin has more doubtful pixels, all that a narrower one has among them.
    @Test func marginsHoldEachOther() throws {
        let maps = try [0.1, 0.5, 2, 1000].map { try doubt(margin: $0).doubt.map { $0 >= DoubtMap.doubtful } }
        for (narrow, wide) in zip(maps, maps.dropFirst()) {
            #expect(zip(narrow, wide).allSatisfy { !$0 || $1 } && narrow.count { $0 } < wide.count { $0 })
        }
        #expect(maps[3].allSatisfy { $0 })
    }

    @Test func valuesFallWithTheMargin() throws {
        let session = try Session(Model(network(margin: 0.5)), height: 97, width: 161)
        let (map, doubt) = try session.segmentWithDoubt(image), (margins, seconds) = session.margins()
        let calibration = try network(margin: 0.5).doubt, step = try #require(network().outputs.last).scale
        for index in stride(from: 0, to: doubt.count, by: 7) {
            let limit = Double(calibration.margin * calibration.best[Int(map.classes[index])] * calibration.second[Int(seconds[index])])
            let exact = 255 - 127.5 * Double(margins[index] * step) / limit
            #expect(abs(Double(doubt[index]) - max(0, exact)) < 0.51 && seconds[index] != map.classes[index])
        }
    }

    @Test func tooSmallAMapIsRefused() throws {
        let session = try Session(Model(network()), height: 97, width: 161)
        var classes = [UInt8](repeating: 0, count: 97 * 161), doubt = [UInt8](repeating: 0, count: 97 * 161 - 1)
        _ = image.pixels.withUnsafeBufferPointer { pixels in
            classes.withUnsafeMutableBufferPointer { classes in
                doubt.withUnsafeMutableBufferPointer { doubt in
                    #expect(throws: RuntimeError.imageSize(found: "46851, 15617, 15616 bytes", expected: "161x97")) {
                        try session.segment(pixels, into: classes, doubt: doubt)
                    }
                }
            }
        }
    }
}
