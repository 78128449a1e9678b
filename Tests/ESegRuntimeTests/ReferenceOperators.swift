import ESegNetwork

/// What resizes, max-pools and sums make of maps, as their operators say.
struct ReferenceOperators {
    let network: FloatNetwork
    let shapes: [Shape]

    /// A node's output; nil for other operators.
    func output(of index: Int, _ maps: [Int: [Float]]) -> [Float]? {
        let node = network.graph.nodes[index], inputs = node.inputs.map { maps[$0] ?? [] }
        switch node.operation {
        case .maxPool: return maxPool(inputs[0], shapes[node.inputs[0]], shapes[index])
        case .resize:
            let steps = node.inputs.map { shapes[$0] }
            return zip(steps, steps.dropFirst()).reduce(inputs[0]) { nearest($0, $1.0, $1.1) }
        case .weightedSum(let sum):
            let weights = network.parameters[node.name + ".weights"]?.values ?? []
            return (0..<shapes[index].count).map { i in
                let value = inputs.indices.reduce(Float(0)) { $0 + weights[$1 * sum.channels + i % sum.channels] * inputs[$1][i] }
                return sum.activation == .relu ? max(0, value) : value
            }
        case .concat(let concat):
            return (0..<shapes[index].pixels).flatMap { pixel in
                zip(inputs, concat.inputChannels).flatMap { map, channels in map[pixel * channels..<(pixel + 1) * channels] }
            }
        case .image, .convolution, .depthwise, .globalAveragePool, .product, .gate: return nil
        }
    }

    private func nearest(_ map: [Float], _ from: Shape, _ to: Shape) -> [Float] {
        (0..<to.pixels * from.channels).map { i in
            let (y, x, c) = (i / from.channels / to.width, i / from.channels % to.width, i % from.channels)
            return map[(y * from.height / to.height * from.width + x * from.width / to.width) * from.channels + c]
        }
    }

    private func maxPool(_ map: [Float], _ from: Shape, _ to: Shape) -> [Float] {
        (0..<to.count).map { i in
            let (y, x, c) = (i / to.channels / to.width, i / to.channels % to.width, i % to.channels)
            let rows = max(0, 2 * y - 1)..<min(from.height, 2 * y + 2), columns = max(0, 2 * x - 1)..<min(from.width, 2 * x + 2)
            return rows.flatMap { row in columns.map { map[(row * from.width + $0) * from.channels + c] } }.max() ?? 0
        }
    }
}
