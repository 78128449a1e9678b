import ESegRuntime

@testable import ESegNetwork

extension FuzzTarget {
    /// A file that is taken is written so that it reads as the same, and runs: with the same bytes on every instruction set.
    static let network = FuzzTarget("network") {
        try GraphRecipe.networks.map { PackedFile.packed(try $0.pieces(file: "seed")) }
    } run: { bytes in
        let network: QuantizedNetwork
        do { network = try QuantizedNetwork(WholeFile(packed: bytes)) } catch { return "\(error)" }
        let file = try network.pieces(file: "fuzz").joined()
        try require(try QuantizedNetwork(WholeFile(Array(file), name: "again")) == network, "another network when written")
        // What each instruction set computes is compared on that one which the number of bytes names.
        return try network.compareKernels(RunChoices(height: 32, width: 33, isa: UInt8(bytes.count & 255), threads: 1, seed: 1))
    }
}

/// How a network is run.
struct RunChoices {
    var height: Int
    var width: Int
    var isa: UInt8
    var threads: Int
    var seed: UInt64
}

extension QuantizedNetwork {
    /// Runs the network where that takes little time, and tells the classes and logits. Throws `FuzzFinding` where kernels, fusion or threads
    /// change a byte.
    func compareKernels(_ choices: RunChoices) throws -> String {
        guard description.channelOrder == .rgb, isCheap(height: choices.height, width: choices.width) else { return passedOver }
        let image = noise(height: choices.height, width: choices.width, seed: choices.seed)
        guard let scalar = ISA(name: "scalar") else { return passedOver }
        let reference = try Session(Model(self, isa: scalar), height: choices.height, width: choices.width)
        let expected = try reference.segment(image)
        var fingerprint = Fingerprint()
        fingerprint.add(expected.classes)
        fingerprint.add(reference.logits)
        guard let isa = ISA(chosenBy: choices.isa) else { return fingerprint.text }
        let model = try Model(self, isa: isa)
        let session = try Session(model, height: choices.height, width: choices.width, threads: choices.threads)
        try require(try session.segment(image) == expected, "\(isa) gives other classes than scalar")
        try require(session.logits == reference.logits, "\(isa) gives other logits than scalar")
        let inspector = try Inspector(model, height: choices.height, width: choices.width)
        try require(try inspector.run(image) == expected, "\(isa) gives other classes node by node")
        return fingerprint.text
    }

    private func isCheap(height: Int, width: Int) -> Bool {
        guard let shapes = try? graph.shapes(height: height, width: width), let macs = try? graph.macs(height: height, width: width),
            shapes.reduce(0, { $0 + $1.count }) <= 1 << 17
        else { return false }
        let taps = graph.nodes.map { $0.operation.described.window.map { $0.rows.kernel * $0.columns.kernel } ?? 1 }
        return macs.reduce(0, +) <= 1 << 21 && zip(taps, shapes).reduce(0) { $0 + $1.0 * $1.1.count } <= 1 << 21
    }
}
