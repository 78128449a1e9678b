import FuzzTargets
import Quantization
import Testing

@testable import ESegNetwork

/// The same weights and frames give the same file. Who means to change what the quantizer makes changes these hashes with it.
@Suite struct QuantizedBytesTests {
    private static let hashes = [
        "auto": "713314c47accbda3c7cd0e138b3a3a259eb9ce2df89fcd667cdebf1dc7198224",
        "min-max": "b8e9cc384fe3fb9b3baba565c0e770431a847e4950f56f40dd6a4871662b4d40",
        "percentile:99.5": "ffab5b5ee422c8151d8d5ecc5f65bd2d0c69879e3e5926be005c4970e238b234",
        "mse": "e6b9a69f6fb47e0f69afe026c429eb99090ddc7a3f2212bba8b1390bfacbd5c8",
        "kl": "713314c47accbda3c7cd0e138b3a3a259eb9ce2df89fcd667cdebf1dc7198224",
    ]

    /// Networks of each operator, alone and with others, with int16 outputs among them.
    @Test(arguments: ["auto", "min-max", "percentile:99.5", "mse", "kl"]) func filesAreAsTheyWere(range: String) throws {
        let networks = GraphRecipe.quantizedSamples(range: try #require(RangeMethod(range)))
        var fingerprint = Fingerprint()
        for network in networks { fingerprint.add(try network.pieces(file: range).flatMap { $0 }) }
        #expect(networks.count == 18)
        #expect(fingerprint.text == Self.hashes[range])
    }
}
