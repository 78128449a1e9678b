import ESegNetwork
import ESegRuntime
import Evaluation
import Quantization

/// Further int8 networks that a comparison holds the compared one against.
struct EarlierNetworks {
    private let networks: [(name: String, network: QuantizedNetwork)]

    /// Named by their files, by their paths where two files have one name. Throws unless all were made from `float`, of `weights`.
    init(_ paths: [String], of float: FloatNetwork, weights: String) throws {
        let names = paths.map(fileName)
        networks = try paths.map { path in
            let isUnique = names.count { $0 == fileName(path) } == 1
            return (isUnique ? fileName(path) : path, try int8Version(of: float, at: path, weights: weights))
        }
    }

    /// What each of them loses on the frames.
    func compare(
        on frames: ComparisonFrames, with float: FloatNetwork, size: ImageSize?, threads: Int, isa: ISA, progress style: ProgressStyle
    ) throws -> [Comparison.Before] {
        try networks.enumerated().map { index, earlier in
            let (name, network) = earlier
            var comparer = Comparer(
                float: FloatNetworkSegmenter(float, size: size, threads: threads, isa: isa),
                int8: try Int8Segmenter(Model(network, isa: isa), size: size, threads: threads), graph: float.graph,
                classNames: float.classNames)
            var progress = ProgressBar("comparing, before \(index + 1) of \(networks.count)", total: frames.count, as: style)
            defer { progress.finish() }
            let comparison = try comparer.run(frames.frames) { _ in progress.advance() }
            return comparison.asBefore(name: name, techniques: network.techniques)
        }
    }
}

/// The int8 network of a file; throws unless it was made from `float`, which `weights` holds.
func int8Version(of float: FloatNetwork, at path: String, weights: String) throws -> QuantizedNetwork {
    let int8 = try QuantizedNetwork(contentsOf: path)
    if let mismatch = NetworkMismatch(found: (int8.graph, int8.description), expected: (float.graph, float.description)) {
        throw Failure("\(path): \(mismatch.field): found \(mismatch.found), expected \(mismatch.expected), as in \(weights)")
    }
    return int8
}
