import ArgumentParser
import ESegNetwork
import Interchange

/// `eseg export`: writes an int8 network in another format.
struct ExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Writes an int8 network as an ONNX model for other runtimes.",
        discussion: """
            The model is in QDQ form, opset 21. Its input "image" is uint8 [1, height, width, 3], RGB as decoded; its output "classes" is \
            uint8 [1, height, width].
            """)

    @Argument(help: ArgumentHelp("The int8 network, an .eseg file.", valueName: "model"))
    var modelPath: String

    @Option(name: .customLong("onnx"), help: ArgumentHelp("The ONNX file to write.", valueName: "file"))
    var onnxPath: String

    @Option(help: ArgumentHelp("Fix the image's width and height. (default: they are free)", valueName: "WxH"))
    var size: ImageSize?

    func run() throws {
        try checkOutput(onnxPath, inputs: [modelPath])
        let model = try QuantizedNetwork(contentsOf: modelPath)
        try model.writeONNX(to: onnxPath, size: size.map { ($0.height, $0.width) })
        print("\(onnxPath): \(model.description.name), \(size.map { "\($0)" } ?? "any size")")
    }
}
