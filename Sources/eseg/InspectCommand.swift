import ArgumentParser
import Texts
import ESegNetwork
import Glibc
import Interchange

/// `eseg inspect`: what is in a model file.
struct InspectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect", abstract: "Shows what is in a model file: network, classes, calibration, layers.",
        discussion: """
            Of an int8 network each layer shows the real values that its output's codes were chosen for, by which method, and the codes' \
            scale and zero point; SQNR, in dB, is of its output against float, everything before it in int8 too, on four calibration frames.
            Of an ONNX file that cannot be taken as a whole it shows the layers that can, and the nodes that cannot; --mean and --std are \
            not needed.
            """)

    @Argument(help: ArgumentHelp("An .eseg file, or float weights.", valueName: "model"))
    var modelPath: String

    @Option(
        help: ArgumentHelp(
            "Width and height of the input that map sizes and MACs are for. (default: what the network was made for, or calibrated at, or 480x360)",
            valueName: "WxH"))
    var size: ImageSize?

    @Option(
        help: ArgumentHelp(
            "Show only how much memory `eseg run` will hold at most with an int8 network and frames of that size.", valueName: "WxH"))
    var memory: ImageSize?

    @Option(help: ArgumentHelp("Also write all of it to a JSON file.", valueName: "file"))
    var json: String?

    @OptionGroup var weights: FloatWeights
    @OptionGroup var execution: ExecutionOptions

    func validate() throws {
        if memory != nil, json != nil { throw ValidationError("--json: found --memory too, expected it without.") }
    }

    func run() throws {
        let isa = try execution.prepare(startsThreads: false)
        if let json { try checkOutput(json, inputs: [modelPath]) }
        if let memory { return try print(MemoryForecast(modelPath: modelPath, size: memory, threads: execution.threads, isa: isa)) }
        do {
            try showWhole()
        } catch let error as NetworkError where FloatWeights.isONNX(modelPath) {
            showPart()
            throw error
        }
    }

    private func showWhole() throws {
        let model = try ModelFile(contentsOf: modelPath, weights)
        let inspection = try Inspection(
            of: model, file: modelPath, size: size ?? model.defaultSize,
            hasNormalization: !FloatWeights.isONNX(modelPath) || weights.hasNormalization)
        print(summary(of: inspection))
        print()
        print(layerTable(of: inspection.layers))
        if let json { try AtomicFile.write(inspection.json(), to: json) }
    }

    /// Shows what there is to show of an ONNX file that cannot be imported, or not at that size; of one that cannot be read, nothing.
    private func showPart() {
        guard let part = try? PartialImport(onnx: modelPath, options: weights.options) else { return }
        print(PartialNetworkText(network: part, size: size ?? part.imageSize.map(ImageSize.init) ?? .usual))
    }

    private func summary(of model: Inspection) -> String {
        let network = model.network
        var facts: [(String, String)] = [
            ("network", "\(network.name), \(model.kind)"),
            ("pixels", network.channelOrder.rawValue.uppercased() + normalization(of: model)),
            ("classes", "\(network.classNames.count): \(network.classNames.joined(separator: ", "))"),
            ("parameters", model.parameters.grouped),
            ("MACs", "\((Double(model.macs) / 1e9).text(decimals: 2)) G at \(model.size)"),
        ]
        facts.insert(contentsOf: model.config.map(hyperparameters) ?? [("graph", "\(model.layers.count) nodes")], at: 1)
        facts += model.provenance.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
        let width = facts.map(\.0.count).max() ?? 0
        return facts.map { $0.0 + String(repeating: " ", count: width - $0.0.count + 2) + $0.1 }.joined(separator: "\n")
    }

    private func normalization(of model: Inspection) -> String {
        guard model.hasNormalization else { return ", normalized as --mean and --std say" }
        return ", mean \(model.network.mean.spaced), std \(model.network.std.spaced)"
    }

    /// What describes an ESeg's graph.
    private func hyperparameters(_ config: ESegConfig) -> [(String, String)] {
        [
            (
                "backbone",
                "width \(config.width), depth \(config.depth), \(config.block.rawValue), \(config.activation.rawValue)"
                    + (config.squeezeExcite ? ", squeeze-excite" : "")
            ),
            ("BiFPN", "\(config.fpnChannels) channels, \(config.fpnRepeats) cells, P\(config.minLevel) to P\(config.maxLevel)"),
        ]
    }

    private func layerTable(of layers: [Inspection.Layer]) -> TextTable {
        var table = TextTable([
            ("layer", .left), ("operation", .left), ("output", .right), ("MMAC", .right), ("weights", .left), ("codes", .left),
            ("range", .left), ("method", .left), ("scale", .right), ("zero", .right), ("SQNR", .right),
        ])
        for layer in layers {
            let output = layer.output, codes = layer.codes, record = layer.record
            table.add([
                layer.name, layer.operation, "\(output.width)x\(output.height)x\(output.channels)",
                layer.macs == 0 ? "" : (Double(layer.macs) / 1e6).text(decimals: 2), layer.weights ?? "", codes?.precision.rawValue ?? "",
                record.map { "\($0.lower.short)…\($0.upper.short)" } ?? "", record?.method ?? "",
                codes.map(\.scale.short) ?? "", codes.map { "\($0.zeroPoint)" } ?? "",
                record?.sqnrDb.map { Double($0).text(decimals: 1) } ?? "",
            ])
        }
        return table
    }
}

extension [Float] {
    fileprivate var spaced: String { map { "\($0)" }.joined(separator: " ") }
}

extension Float {
    /// The number with four significant digits.
    fileprivate var short: String {
        guard self != 0, isFinite else { return isFinite ? "0" : description }
        let digits = 3 - Int(log10(Double(magnitude)).rounded(.down))
        guard digits <= 9 else { return description }
        let text = Double(self).text(decimals: max(0, digits))
        guard text.contains(".") else { return text }
        let significant = text.reversed().drop { $0 == "0" }
        return String((significant.first == "." ? significant.dropFirst() : significant).reversed())
    }
}
