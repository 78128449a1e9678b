import ArgumentParser
import ESegNetwork
import Evaluation
import Texts

/// `eseg diff`: what two quantizations of a network differ in.
struct DiffCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract: "Shows how two quantizations of a network differ: how they were made, and layer by layer.",
        discussion: """
            Layers are sorted by how much their weights differ. Changed is the share of weights whose codes differ; SQNR compares weights \
            in real numbers; bias is the greatest change of one, in steps of the first network's output. Scales are those of outputs.
            """)

    @Argument(help: ArgumentHelp("An .eseg file.", valueName: "first"))
    var firstPath: String

    @Argument(help: ArgumentHelp("Another of the same network.", valueName: "second"))
    var secondPath: String

    @Option(help: ArgumentHelp("Also write the differences to a JSON file.", valueName: "file"))
    var json: String?

    func run() throws {
        if let json { try checkOutput(json, inputs: [firstPath, secondPath]) }
        let first = try QuantizedNetwork(contentsOf: firstPath), second = try QuantizedNetwork(contentsOf: secondPath)
        if let mismatch = NetworkMismatch(found: (second.graph, second.description), expected: (first.graph, first.description)) {
            throw Failure("\(secondPath): \(mismatch.field): found \(mismatch.found), expected \(mismatch.expected), as in \(firstPath)")
        }
        let difference = NetworkDifference(first, second)
        if try Safetensors(contentsOf: firstPath).text("sha256") == Safetensors(contentsOf: secondPath).text("sha256") {
            print("The files are identical.")
        } else if difference.isSameArithmetic {
            if !difference.provenance.isEmpty { print("\(difference.provenanceTable)\n") }
            print("The networks compute the same.")
        } else {
            if !difference.provenance.isEmpty { print("\(difference.provenanceTable)\n") }
            print(difference.layerTable)
            print("\n\(difference.layers.count) layers differ, \(difference.equalLayers) are the same.")
        }
        if let json { try AtomicFile.write(difference.json(), to: json) }
    }
}

extension NetworkDifference {
    fileprivate var provenanceTable: TextTable {
        var table = TextTable([("made", .left), ("first", .left), ("second", .left)])
        for fact in provenance { table.add([fact.key, fact.first ?? "–", fact.second ?? "–"].map(printable).map(\.shortened)) }
        return table
    }

    fileprivate var layerTable: TextTable {
        var table = TextTable([
            ("layer", .left), ("weights", .left), ("changed", .right), ("SQNR", .right), ("bias", .right), ("codes", .left),
            ("scale", .right), ("second", .right), ("zero", .right),
        ])
        for layer in layers {
            let (a, b) = (layer.first, layer.second)
            table.add([
                layer.name, change(a.weights ?? "", b.weights ?? ""),
                layer.changedWeights.map { "\((100 * $0).text(decimals: 1)) %" } ?? "",
                layer.weightSqnrDb.map { $0 == .infinity ? "equal" : "\($0.text(decimals: 1)) dB" } ?? "",
                layer.biasSteps.map { $0.text(decimals: 2) } ?? "", change(a.precision, b.precision), "\(a.scale)",
                a.scale == b.scale ? "same" : "\(b.scale)", change("\(a.zeroPoint)", "\(b.zeroPoint)"),
            ])
        }
        return table
    }

    private func change(_ first: String, _ second: String) -> String { first == second ? first : "\(first) → \(second)" }
}

extension String {
    /// Cut where it would not fit a table.
    fileprivate var shortened: String { count > 50 ? prefix(49) + "…" : self }
}
