import ArgumentParser
import ESegNetwork
import Interchange

/// Reads float weights of either kind, and takes from the options what an ONNX file does not contain.
struct FloatWeights: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Of ONNX weights: the mean of pixel/255, at most 1, that is subtracted from the input; one number, or three. 0 where the graph does it.",
            valueName: "m"))
    var mean: ChannelValues?

    @Option(
        help: ArgumentHelp(
            "Of ONNX weights: the standard deviation that the input is then divided by; one number, or three. 1 where the graph does it.",
            valueName: "s"))
    var std: ChannelValues?

    @Option(
        help: ArgumentHelp(
            "Of ONNX weights: the order in which the input has a pixel's channels, and in which --mean and --std are; rgb unless given.",
            valueName: "rgb|bgr"))
    var channelOrder: ChannelOrder?

    @Option(
        name: .customLong("output-name"),
        help: ArgumentHelp("Of ONNX weights: the output that is the network's. (default: the first)", valueName: "name"))
    var output: String?

    @Option(
        help: ArgumentHelp(
            "Of ONNX weights with one output channel: the foreground is where it is greater. (default: 0.5 after a sigmoid, else 0)",
            valueName: "t"))
    var threshold: Float?

    /// Whether a file needs the options: safetensors files hold all.
    static func isONNX(_ path: String) -> Bool { path.hasSuffix(".onnx") }

    var hasNormalization: Bool { mean != nil || std != nil }
    var options: ImportOptions { ImportOptions(output: output, threshold: threshold) }

    /// Reads a safetensors file, or a file named .onnx. What does not look at pixels can do without their normalization.
    func load(_ path: String, needsNormalization: Bool = true) throws -> FloatNetwork {
        guard Self.isONNX(path) else {
            try requireNone(path)
            let network = try FloatNetwork(contentsOf: path).gatheringGates()
            warnOfStd(network.description.std, file: path)
            return network
        }
        let input = try normalization(of: path, isNeeded: needsNormalization)
        return try FloatNetwork(onnx: path, input: input, options: options).gatheringGates()
    }

    private func normalization(of path: String, isNeeded: Bool) throws -> InputNormalization {
        let order = channelOrder ?? .rgb
        guard isNeeded || hasNormalization else { return InputNormalization(mean: [0, 0, 0], std: [1, 1, 1], channelOrder: order) }
        guard let mean, let std else {
            let missing = mean == nil ? "--mean" : "--std"
            throw Failure("\(path): normalization: found no \(missing), expected --mean and --std, which an ONNX file does not hold")
        }
        warnOfStd(std.values, file: path)
        return InputNormalization(mean: mean.values, std: std.values, channelOrder: order)
    }

    /// Numbers from 0 to 1 vary by less than 1, but networks can have been trained with anything.
    private func warnOfStd(_ std: [Float], file: String) {
        guard let value = std.first(where: { $0 > 1 }) else { return }
        reportWarning("\(file): std: found \(value), which divides pixel/255; if it is of pixels from 0 to 255, \(value / 255) is meant")
    }

    /// Throws where a file that says it itself is given a normalization.
    func requireNone(_ path: String) throws {
        guard mean == nil, std == nil, channelOrder == nil else {
            throw Failure(
                "\(path): normalization: found --mean, --std or --channel-order, expected none: only ONNX files do not hold their own")
        }
        guard output == nil, threshold == nil else {
            throw Failure("\(path): output: found --output-name or --threshold, expected none: they are for ONNX files")
        }
    }
}

extension ChannelOrder: ExpressibleByArgument {}

/// Three numbers, written "0.485,0.456,0.406", or one for all channels.
struct ChannelValues: ExpressibleByArgument {
    let values: [Float]

    init?(argument: String) {
        let numbers = argument.split(separator: ",", omittingEmptySubsequences: false).map { Float($0) }
        let values = numbers.compactMap { $0 }.filter(\.isFinite)
        guard values.count == numbers.count, [1, 3].contains(values.count) else { return nil }
        self.values = values.count == 1 ? [Float](repeating: values[0], count: 3) : values
    }
}
