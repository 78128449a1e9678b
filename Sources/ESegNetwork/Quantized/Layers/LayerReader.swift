/// Reads one node's layer from an `.eseg` file, each tensor once and in the shape that the node asks for.
struct LayerReader {
    let file: Safetensors
    /// The node whose layer is read.
    var node: Node
    /// What is left of the node's JSON object.
    var fields: JSONFields
    /// Tensors that no node has read yet.
    var unread: Set<String>

    /// The node's tensor of that name behind its own.
    mutating func values<Element: TensorElement>(_ suffix: String, shape: [Int]) throws(NetworkError) -> [Element] {
        let name = node.name + "." + suffix, found = try file.entry(name).shape
        guard found == shape else { throw file.error(name, "shape", found: "\(found)", expected: "\(shape)") }
        guard unread.remove(name) != nil else { throw file.error(name, "name", found: "two nodes that read it", expected: "one") }
        return try file.values(name)
    }

    /// The same for [rows, columns], row by row.
    mutating func rows<Element: TensorElement>(_ suffix: String, _ rows: Int, _ columns: Int) throws(NetworkError) -> [[Element]] {
        let values: [Element] = try values(suffix, shape: [rows, columns])
        return (0..<rows).map { Array(values[$0 * columns..<($0 + 1) * columns]) }
    }

    /// How equalization left the channels of the node's output.
    mutating func scaling() throws(NetworkError) -> ChannelScaling {
        var scaling = ChannelScaling(channels: node.channels)
        if unread.contains(node.name + ".channel_factor") { scaling.factors = try values("channel_factor", shape: [node.channels]) }
        if unread.contains(node.name + ".channel_offset") { scaling.offsets = try values("channel_offset", shape: [node.channels]) }
        return scaling
    }
}
