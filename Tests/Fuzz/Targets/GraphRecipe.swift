import ESegNetwork
import Quantization
import TestSupport

/// A small graph and how to quantize it, read from bytes: any bytes give one, though not always one that is valid.
package struct GraphRecipe {
    private var bytes: ArraySlice<UInt8>
    private var maker = GraphMaker()
    private(set) var choices = RunChoices(height: 32, width: 32, isa: 0, threads: 1, seed: 1)

    init(_ bytes: [UInt8]) { self.bytes = bytes[...] }

    /// Recipes of each operator, alone and with others.
    static var samples: [[UInt8]] {
        let header: [UInt8] = [5, 3, 2, 1, 0, 7, 0, 0, 8, 2, 1, 1]
        let single = (0..<Operator.allCases.count).map { header + [1, UInt8($0), 1, 2, 1, 3, 1, 0, 2, 3, 4, 1] }
        let mixed = (0..<6).map { seed -> [UInt8] in
            var random = SplitMix(seed: UInt64(seed))
            return header + [6] + (0..<60).map { _ in UInt8(truncatingIfNeeded: random.next()) }
        }
        return single + mixed
    }

    /// What the samples give that can be quantized.
    static var networks: [QuantizedNetwork] { quantizedSamples() }

    /// The same with ranges by another method.
    package static func quantizedSamples(range: RangeMethod = .automatic) -> [QuantizedNetwork] {
        samples.compactMap { sample in
            var recipe = GraphRecipe(sample)
            return try? recipe.network(range: range)
        }
    }

    /// The quantized network. Throws where no network has that graph, or none can be quantized with these weights.
    mutating func network(range: RangeMethod = .automatic) throws -> QuantizedNetwork {
        choices = RunChoices(
            height: 32 + next(8), width: 32 + next(8), isa: UInt8(next(3)), threads: 1 + next(4) / 3, seed: UInt64(next(256)))
        let (seed, int16, spread) = (UInt64(next(256)), next(4), next(24))
        maker.convolution(0, 1 + next(20), kernel: 1 + next(5), stride: 1 + next(3), activation())
        for _ in 0..<next(8) { append() }
        finish()
        var float = randomNetwork(maker.graph, seed: seed)
        try float.graph.validate(file: "fuzz")
        if spread > 12 { float.spread(exponent: spread - 18, seed: seed) }
        float = float.gatheringGates()
        let names = float.graph.nodes.dropFirst().dropLast().filter { $0.operation.codes == .own }.map(\.name)
        let chosen = names.enumerated().filter { int16 == 3 || int16 > 0 && $0.offset % 3 == int16 }.map(\.element)
        return try float.quantized(range: range, int16Activations: chosen, height: choices.height, width: choices.width, seed: choices.seed)
    }

    /// A number below `bound`; 0 behind the end.
    private mutating func next(_ bound: Int) -> Int { Int(bytes.popFirst() ?? 0) % bound }

    private mutating func activation() -> Activation { Activation.allCases[next(Activation.allCases.count)] }
    private mutating func node() -> Int { max(1, maker.nodes.count - 1 - next(4)) }
    private mutating func axis(_ kernels: Int) -> Window.Axis {
        Window.Axis(kernel: 1 + next(kernels), stride: 1 + next(3), dilation: 1 + next(3), before: next(4), after: next(4))
    }
    private mutating func window(_ kernels: Int) -> Window {
        guard next(2) == 1 else { return Window(kernel: 1 + next(kernels), stride: 1 + next(2)) }
        return Window(rows: axis(kernels), columns: axis(kernels))
    }
}

// Operators
extension GraphRecipe {
    private enum Operator: CaseIterable {
        case convolution, depthwise, maxPool, averagePool, gridPool, meanPool, nearest, bilinear, sum, concat, excite, residual, product,
            softmax, greatest, selection, blocks
    }

    private mutating func append() {
        let operators = Operator.allCases, kind = operators[next(operators.count)]
        let input = node(), channels = maker.nodes[input].channels
        switch kind {
        case .convolution:
            let layer = Convolution(
                inputChannels: channels, outputChannels: 1 + next(40), window: window(5), activation: activation(), residual: false)
            maker.add(.convolution(layer), [input])
        case .depthwise: maker.add(.depthwise(Depthwise(channels: channels, window: window(7), activation: activation())), [input])
        case .maxPool: maker.add(.maxPool(MaxPool(channels: channels, window: window(6))), [input])
        case .averagePool:
            maker.add(.averagePool(AveragePool(channels: channels, window: window(6), countsPadding: next(2) == 1)), [input])
        case .gridPool:
            maker.add(.adaptiveAveragePool(AdaptiveAveragePool(channels: channels, rows: 1 + next(6), columns: 1 + next(6))), [input])
        case .meanPool: maker.add(.globalAveragePool(GlobalAveragePool(channels: channels)), [input])
        case .nearest: maker.resize(input, [node()])
        case .bilinear:
            let target: ResizeTarget =
                next(2) == 0
                ? .size(MapSize(height: 1 + next(40), width: 1 + next(40)))
                : .scales(height: Float(1 + next(9)) / 4, width: Float(1 + next(9)) / 4)
            let positions = SamplePositions.allCases[next(3)]
            let resize = BilinearResize(
                channels: channels, target: target, positions: positions, activation: next(2) == 0 ? .none : .relu)
            maker.add(.bilinearResize(resize), [input])
        case .sum: maker.sum([input] + (0...next(3)).map { _ in fitted(node(), to: input) }, next(2) == 0 ? .none : activation())
        case .concat: maker.concat([input] + (0...next(3)).map { _ in resized(node(), to: input) })
        case .excite: maker.squeezeExcite(input, squeezed: 1 + next(6))
        case .residual: maker.convolution(input, channels, kernel: 1 + 2 * next(2), activation(), residual: input)
        case .product: maker.add(.product(Product(channels: channels)), [input, fitted(node(), to: input)])
        case .softmax: maker.add(.softmax(Softmax(channels: channels)), [input])
        case .greatest: maker.add(.channelMaximum(ChannelMaximum(inputChannels: channels)), [input])
        case .selection:
            let selected = (0...next(12)).map { _ in next(channels) }
            maker.add(.channelSelection(ChannelSelection(inputChannels: channels, selected: selected)), [input])
        case .blocks:
            let block = 2 + next(2), count = 1 + next(3)
            let wide = maker.convolution(input, block * block * count)
            maker.add(.depthToSpace(DepthToSpace(channels: count, block: block)), [wide])
        }
    }

    /// A map of the size that another has.
    private mutating func resized(_ node: Int, to other: Int) -> Int { node == other ? node : maker.resize(node, [other]) }

    /// A map of the size and channels that another has.
    private mutating func fitted(_ node: Int, to other: Int) -> Int {
        let channels = maker.nodes[other].channels, map = resized(node, to: other)
        return maker.nodes[map].channels == channels ? map : maker.convolution(map, channels)
    }

    /// Brings all that nothing reads together, and makes logits of it.
    private mutating func finish() {
        var isRead = Set<Int>()
        for node in maker.nodes { isRead.formUnion(node.valueInputs) }
        let unread = maker.nodes.indices.dropFirst().filter { !isRead.contains($0) }
        var last = unread.first ?? 1
        if unread.count > 1 { last = maker.concat(unread.prefix(16).map { resized($0, to: last) }) }
        if next(3) < 2 { maker.convolution(last, 1 + next(12), kernel: 1 + 2 * next(2)) }
    }
}

extension FloatNetwork {
    /// Scales each tensor by its own power of two, as badly trained networks have it.
    fileprivate mutating func spread(exponent: Int, seed: UInt64) {
        var random = SplitMix(seed: seed)
        for name in parameters.keys.sorted() {
            let factor = Float(sign: .plus, exponent: exponent * Int(random.next() % 3), significand: 1)
            let values = parameters[name]?.values ?? []
            parameters[name]?.values = values.map { $0 * factor }
        }
    }
}
