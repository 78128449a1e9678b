import ESegNetwork
import ESegRuntime
import Quantization
import TestSupport

/// A float network of a few hundred bytes.
var smallNetwork: FloatNetwork {
    var maker = GraphMaker()
    maker.convolution(maker.convolution(0, 4, kernel: 3, stride: 2, .relu), 2)
    return randomNetwork(maker.graph)
}

extension FloatNetwork {
    /// The network quantized by what the scalar kernels see on one image: the same on every machine.
    func quantized(
        range: RangeMethod = .automatic, int16Activations: [String] = [], height: Int = 32, width: Int = 32, seed: UInt64 = 1
    ) throws -> QuantizedNetwork {
        var calibrator = try Calibrator(network: self, height: height, width: width, isa: ISA(name: "scalar") ?? .best, threads: 1)
        try calibrator.add(image: noise(height: height, width: width, seed: seed))
        return try Quantizer.quantize(
            network: self, statistics: calibrator.finish(), options: QuantizationOptions(range: range, int16Activations: int16Activations))
    }
}

/// An image of random blocks, which takes little time to make.
func noise(height: Int, width: Int, seed: UInt64) -> RGBImage {
    var random = SplitMix(seed: seed)
    let words = (0..<97).map { _ in random.next() }
    let pixels = (0..<height * width * 3).map { i -> UInt8 in
        let word = words[(i / 17) % words.count] >> UInt64(i % 3 * 8)
        return UInt8(truncatingIfNeeded: word) &+ UInt8(i & 7)
    }
    return RGBImage(width: width, height: height, pixels: pixels)
}

extension ISA {
    /// One with kernels of its own, chosen by a byte of an input so that the input repeats what it found; nil where this CPU lacks it.
    init?(chosenBy byte: UInt8) {
        #if arch(x86_64)
            let names = ["avx2", "avxvnni", "avx512vnni"]
        #else
            let names = ["neon", "dotprod", "i8mm"]
        #endif
        self.init(name: names[Int(byte) % names.count])
    }
}
