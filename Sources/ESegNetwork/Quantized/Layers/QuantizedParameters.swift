/// What an `.eseg` file holds of one node's arithmetic: how it is written and read, and what must hold so that it can run.
///
/// One file of this folder describes one kind of layer.
protocol QuantizedParameters: Sendable, Equatable {
    /// What of it is no tensor, as members of the node's JSON object.
    var members: [JSONValue.Member] { get }
    /// "int8", "int16" or "float32"; nil without weights.
    var weightType: String? { get }
    /// Weights and biases.
    var parameterCount: Int { get }
    /// Of a sum: what a code of each input and channel adds, in units of what is rounded; empty for other layers.
    var termFactors: [[Double]] { get }

    /// Adds its tensors, named after the node.
    func addTensors(to writer: inout SafetensorsWriter, of node: Node) throws(NetworkError)
    /// Reads what `members` and `addTensors` give.
    init(_ reader: inout LayerReader) throws(NetworkError)
    /// Throws unless values are in range and no accumulator, sum or conversion of a float can overflow.
    func check(_ layer: LayerCheck) throws(NetworkError)
}

extension QuantizedParameters {
    var members: [JSONValue.Member] { [] }
    var weightType: String? { nil }
    var parameterCount: Int { 0 }
    var termFactors: [[Double]] { [] }

    func addTensors(to writer: inout SafetensorsWriter, of node: Node) throws(NetworkError) {}
    func check(_ layer: LayerCheck) throws(NetworkError) {}
}
