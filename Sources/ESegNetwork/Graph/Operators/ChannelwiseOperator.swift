/// An operator that has as many channels as each map that it reads, and no other parameter in a file.
package protocol ChannelwiseOperator: GraphOperator {
    init(channels: Int)
    /// How many inputs it may have.
    static var inputs: ClosedRange<Int> { get }
}

extension ChannelwiseOperator {
    package static var inputs: ClosedRange<Int> { 1...1 }

    package func check(inputChannels found: [Int]) throws(OperatorFault) {
        try require(inputs: Self.inputs, found: found.count)
        for input in valueInputs(found.count) { try require(inputChannels: found[input], channels) }
    }

    package var attributes: [(String, JSONValue)] { [("channels", .integer(channels))] }

    package init(_ fields: inout JSONFields) throws(NetworkError) {
        self.init(channels: try fields.integer("channels", in: Graph.Limits.channels))
    }
}
