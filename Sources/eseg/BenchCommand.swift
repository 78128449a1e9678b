import ArgumentParser
import Texts
import ESegNetwork
import ESegRuntime

/// `eseg bench`: how fast a network is, and where the time goes.
struct BenchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench",
        abstract: "Measures how fast a network is and where the time goes.",
        discussion: "Times are medians over runs; a layer's share of the peak is relative to what this machine reaches in registers alone.")

    @Argument(help: ArgumentHelp("An .eseg file, or float weights to measure in float.", valueName: "model"))
    var modelPath: String

    @Option(
        help: ArgumentHelp(
            "Width and height of the input. (default: what the network was made for, or calibrated at, or 480x360)", valueName: "WxH"))
    var size: ImageSize?

    @Option(parsing: .unconditional, help: ArgumentHelp("Runs that are measured.", valueName: "n"))
    var runs = 50

    @Option(parsing: .unconditional, help: ArgumentHelp("Runs before those, which are not measured.", valueName: "n"))
    var warmUp = 5

    @Flag(help: "Tell how doubtful each pixel is too, as run --doubt does.")
    var doubt = false

    @Option(help: ArgumentHelp("Also write the figures to a JSON file.", valueName: "file"))
    var json: String?

    @OptionGroup var weights: FloatWeights
    @OptionGroup var execution: ExecutionOptions

    func validate() throws {
        guard (1...100_000).contains(runs) else { throw ValidationError("--runs: found \(runs), expected 1 to 100000.") }
        guard (0...100_000).contains(warmUp) else { throw ValidationError("--warm-up: found \(warmUp), expected 0 to 100000.") }
    }

    func run() throws {
        let isa = try execution.prepare()
        if let json { try checkOutput(json, inputs: [modelPath]) }
        let model = try ModelFile(contentsOf: modelPath, weights)
        let size = size ?? model.defaultSize
        if doubt, case .float = model { throw Failure("--doubt: found float weights in \(modelPath), expected an int8 network") }
        let bench = try Bench(model, size: size, threads: execution.threads, isa: isa, withDoubt: doubt)
        let watch = MachineWatch()
        var result = try bench.measure(runs: runs, warmUp: warmUp)
        result.machine = watch.report()
        print(result.layerTable)
        print()
        print(result.kindTable)
        print()
        print(result.summary)
        print()
        if let machine = result.machine { print(machine) }
        if let json { try AtomicFile.write(result.json(), to: json) }
    }
}

/// A network planned for one size, to be run over and over.
struct Bench {
    /// Times of one run in milliseconds.
    private typealias Run = (RGBImage) throws -> [Double]

    private let layers: [BenchResult.Layer]
    private let runOnce: Run
    private let size: ImageSize
    private let threads: Int
    private let isa: ISA
    private let isInt8: Bool

    init(_ model: ModelFile, size: ImageSize, threads: Int, isa: ISA, withDoubt: Bool) throws {
        self.size = size
        self.threads = threads
        self.isa = isa
        switch model {
        case .int8(let network):
            let session = try Session(Model(network, isa: isa), height: size.height, width: size.width, threads: threads)
            layers = session.layers.map(BenchResult.Layer.init)
            runOnce = { image in
                if withDoubt { _ = try session.segmentWithDoubt(image) } else { _ = try session.segment(image) }
                return session.milliseconds
            }
            isInt8 = true
        case .float(let network):
            let executor = try FloatExecutor(network, height: size.height, width: size.width, isa: isa, threads: threads)
            layers = try Bench.layers(of: network, size: size)
            let isTimed = network.graph.absorbed.map { !$0 } + [true]
            runOnce = { image in
                _ = try executor.run(image)
                return zip(executor.timings, isTimed).filter { $1 }.map(\.0)
            }
            isInt8 = false
        }
    }

    func measure(runs: Int, warmUp: Int) throws -> BenchResult {
        let image = Bench.noise(size)
        for _ in 0..<warmUp { _ = try runOnce(image) }
        var totals: [Double] = [], perLayer = [[Double]](repeating: [], count: layers.count)
        var progress = ProgressBar("measuring", total: runs)
        for _ in 0..<runs {
            let elapsed = try ContinuousClock().measure {
                for (layer, time) in try runOnce(image).enumerated() where perLayer.indices.contains(layer) { perLayer[layer].append(time) }
            }
            totals.append(elapsed / .milliseconds(1))
            progress.advance()
        }
        progress.finish()
        return BenchResult(
            medianMs: totals.median, minMs: totals.min() ?? .nan, isa: isa.description, threads: threads, size: size.description,
            layers: zip(layers, perLayer).map { $0.timed($1) },
            int8Peak: isInt8 ? isa.measuredInt8Peak(threads: threads) : nil)
    }

    /// One layer for each node but those that sums do while they read, then the upsampling.
    private static func layers(of network: FloatNetwork, size: ImageSize) throws -> [BenchResult.Layer] {
        let graph = network.graph, absorbed = graph.absorbed
        let macs = try graph.macs(height: size.height, width: size.width)
        let shapes = try graph.shapes(height: size.height, width: size.width)
        let nodes = graph.nodes.enumerated().filter { !absorbed[$0.offset] }.map { i, node in
            let weights = ["weight", "reduce.weight", "expand.weight"].reduce(0) { sum, name in
                sum + (network.parameters["\(node.name).\(name)"]?.values.count ?? 0)
            }
            let values = graph.sources(of: i, absorbed: absorbed).reduce(shapes[i].count + weights) { $0 + shapes[$1].count }
            return BenchResult.Layer(
                name: node.name, kind: node.operation.label, macs: macs[i], bytesMoved: values * MemoryLayout<Float>.stride)
        }
        let logits = shapes.last.map { $0.count * MemoryLayout<Float>.stride } ?? 0
        let pixels = size.width * size.height
        return nodes + [BenchResult.Layer(name: "upsample", kind: "upsample+argmax", macs: 0, bytesMoved: logits + pixels)]
    }

    /// An image of pseudorandom pixels; what it shows does not change how long it takes.
    private static func noise(_ size: ImageSize) -> RGBImage {
        var state: UInt32 = 1
        let pixels = (0..<size.width * size.height * 3).map { _ -> UInt8 in
            state = state &* 1_664_525 &+ 1_013_904_223
            return UInt8(state >> 24)
        }
        return RGBImage(width: size.width, height: size.height, pixels: pixels)
    }
}
