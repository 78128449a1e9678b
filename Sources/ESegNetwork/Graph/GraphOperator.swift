/// All that the graph and whoever consumes it ask of an operator. One file of `Operators/` describes one operator.
package protocol GraphOperator: Sendable, Equatable {
    /// What files call it: a node's `op`.
    static var name: String { get }

    /// A few words, for example "conv 3x3 /2 relu6".
    var summary: String { get }
    /// What fits into a table's or a picture's cell, for example "conv3x3".
    var label: String { get }

    /// Channels of the output.
    var channels: Int { get }
    /// What ends the operator itself; a residual is added after it.
    var activation: Activation { get }
    /// What its output has passed last: where a residual is added, what the sum passes.
    var outputActivation: Activation { get }
    /// Whether its last input is added to what it computes.
    var isResidual: Bool { get }
    /// The operator without its activation and what follows that; nil where it cannot be activated.
    var linear: Operation? { get }
    /// The pixels of the input that one pixel of the output depends on; nil where it slides over none.
    var window: Window? { get }
    /// Learned weights of one output channel of a convolution; 0 for other operators.
    var taps: Int { get }
    /// What its output's codes are.
    var codes: CodeSource { get }
    /// Whether it may read the image.
    var readsPixels: Bool { get }
    /// Parameters of a float network by the suffix of their names, with their shapes.
    var parameters: [Parameter] { get }

    /// The inputs, among `count`, whose values it reads; it needs only the size of the others.
    func valueInputs(_ count: Int) -> Range<Int>
    /// The inputs, among `count`, whose channels are the output's, one for one: rescaled together or not at all.
    func tiedInputs(_ count: Int) -> Range<Int>
    /// The channels of inputs, among `count`, that one of the output's is tied to: by default that of each of `tiedInputs`.
    func ties(ofChannel channel: Int, _ count: Int) -> [ChannelTie]
    /// Multiply-accumulates of its convolutions for an output of that size.
    func macs(_ output: Shape) -> Int

    /// Throws unless its own parameters are in range and it can read maps of that many channels.
    func check(inputChannels: [Int]) throws(OperatorFault)
    /// Height and width of the output. Throws where maps of these sizes do not fit; `check` has passed.
    func outputSize(_ inputs: [Shape]) throws(OperatorFault) -> MapSize

    /// What its parameters are in a quantized network; nil where integers have no arithmetic for it.
    func layerKind(isInt16: Bool) -> LayerKind?

    /// Its parameters in a file, beside `op`.
    var attributes: [(String, JSONValue)] { get }
    /// Reads what `attributes` gives.
    init(_ fields: inout JSONFields) throws(NetworkError)

    /// The operator as a node has it.
    var operation: Operation { get }
}

extension GraphOperator {
    package var label: String { summary }
    package var activation: Activation { .none }
    package var outputActivation: Activation { activation }
    package var isResidual: Bool { false }
    package var linear: Operation? { nil }
    package var window: Window? { nil }
    package var taps: Int { 0 }
    package var codes: CodeSource { .own }
    package var readsPixels: Bool { false }
    package var parameters: [Parameter] { [] }

    package func valueInputs(_ count: Int) -> Range<Int> { 0..<count }
    package func tiedInputs(_ count: Int) -> Range<Int> { 0..<0 }
    package func ties(ofChannel channel: Int, _ count: Int) -> [ChannelTie] {
        tiedInputs(count).map { ChannelTie(input: $0, channel: channel) }
    }
    package func macs(_ output: Shape) -> Int { 0 }

    /// Throws unless there are that many inputs.
    func require(inputs: ClosedRange<Int>, found: Int) throws(OperatorFault) {
        let expected = inputs.count == 1 ? "\(inputs.lowerBound)" : "\(inputs.lowerBound) to \(inputs.upperBound)"
        try require(inputs.contains(found), "inputs", "\(found)", expected)
    }

    /// Throws unless an input has as many channels as the operator expects.
    func require(inputChannels found: Int, _ expected: Int) throws(OperatorFault) {
        try require(found == expected, "inputs", "\(found) channels", "\(expected)")
    }

    /// The size that all inputs have. Throws where they differ.
    func oneSize(_ inputs: [Shape]) throws(OperatorFault) -> MapSize {
        for input in inputs.dropFirst() {
            try require(input.size == inputs[0].size, "inputs", "maps of \(inputs[0].size) and \(input.size)", "maps of one size")
        }
        return inputs[0].size
    }

    func require(_ holds: Bool, _ field: String, _ found: @autoclosure () -> String, _ expected: @autoclosure () -> String)
        throws(OperatorFault)
    {
        guard holds else { throw OperatorFault(field: field, found: found(), expected: expected()) }
    }
}

/// A channel of an operator's input.
package struct ChannelTie: Sendable, Equatable {
    package let input: Int
    package let channel: Int
}

/// Height and width of a map; the finer of two is the greater.
public struct MapSize: Sendable, Hashable, Comparable {
    public var height: Int
    public var width: Int

    public init(height: Int, width: Int) {
        self.height = height
        self.width = width
    }

    public static func < (first: MapSize, second: MapSize) -> Bool {
        (first.height * first.width, first.width) < (second.height * second.width, second.width)
    }
}

/// What the codes of an operator's output are.
public enum CodeSource: Sendable, Equatable {
    /// The image's pixels.
    case pixels
    /// Codes of a scale and zero point chosen for it.
    case own
    /// Codes of its first input, passed on.
    case input
}

/// A float parameter of a node.
package struct Parameter: Sendable, Equatable {
    /// Its name after the node's, such as "weight".
    package let suffix: String
    /// Row-major.
    package let shape: [Int]
    /// What happens to it where the channels of the node's output are multiplied by factors.
    package let scaling: Scaling

    package enum Scaling: Sendable {
        /// Nothing.
        case none
        /// Each channel's row, along the first dimension, is multiplied by the channel's factor.
        case rows
        /// Each channel's column, along the last dimension, is divided by it.
        case inverseColumns
    }

    init(_ suffix: String, _ shape: [Int], scaling: Scaling = .none) {
        self.suffix = suffix
        self.shape = shape
        self.scaling = scaling
    }
}

/// Why an operator cannot be, or cannot read its inputs; the graph says where.
package struct OperatorFault: Error, Equatable {
    package let field: String
    package let found: String
    package let expected: String
}
