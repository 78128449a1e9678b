import ESegNetwork
import Foundation

/// What resizes, max-pools and sums make of maps, as their operators say.
struct ReferenceOperators {
    let network: FloatNetwork
    let shapes: [Shape]

    /// A node's output; nil for other operators.
    func output(of index: Int, _ maps: [Int: [Float]]) -> [Float]? {
        let node = network.graph.nodes[index], inputs = node.inputs.map { maps[$0] ?? [] }
        switch node.operation {
        case .maxPool(let pool):
            return pooled(inputs[0], pool.slides, shapes[node.inputs[0]], shapes[index]) { values, _ in values.max() ?? 0 }
        case .averagePool(let pool):
            return pooled(inputs[0], pool.slides, shapes[node.inputs[0]], shapes[index]) { values, taps in
                values.reduce(0, +) / Float(pool.countsPadding ? taps : values.count)
            }
        case .adaptiveAveragePool(let pool): return gridMeans(inputs[0], pool, shapes[node.inputs[0]])
        case .product(let product):
            let factor = shapes[node.inputs[1]]
            return (0..<shapes[index].count).map { i in
                let (pixel, channel) = (i / product.channels, i % product.channels)
                let at = (factor.pixels == 1 ? 0 : pixel) * factor.channels + (factor.channels == 1 ? 0 : channel)
                return inputs[0][i] * inputs[1][at]
            }
        case .softmax(let softmax):
            return perPixel(inputs[0], softmax.channels) { values in
                let powers = values.map { exp(Double($0 - (values.max() ?? 0))) }, sum = powers.reduce(0, +)
                return powers.map { Float($0 / sum) }
            }
        case .channelMaximum(let maximum): return perPixel(inputs[0], maximum.inputChannels) { [$0.max() ?? 0] }
        case .channelSelection(let selection):
            return (0..<shapes[index].pixels).flatMap { pixel in
                selection.selected.map { inputs[0][pixel * selection.inputChannels + $0] }
            }
        case .depthToSpace(let space): return spread(inputs[0], space, shapes[node.inputs[0]], shapes[index])
        case .resize:
            let steps = node.inputs.map { shapes[$0] } + (node.inputs.count == 1 ? [shapes[index]] : [])
            return zip(steps, steps.dropFirst()).reduce(inputs[0]) { nearest($0, $1.0, $1.1) }
        case .weightedSum(let sum):
            let weights = network.parameters[node.name + ".weights"]?.values ?? []
            return (0..<shapes[index].count).map { i in
                let value = inputs.indices.reduce(Float(0)) { $0 + weights[$1 * sum.channels + i % sum.channels] * inputs[$1][i] }
                switch sum.activation {
                case .relu: return max(0, value)
                case .gelu: return value * erfc(-value / Float(2).squareRoot()) / 2
                default: return value
                }
            }
        case .concat(let concat):
            return (0..<shapes[index].pixels).flatMap { pixel in
                zip(inputs, concat.inputChannels).flatMap { map, channels in map[pixel * channels..<(pixel + 1) * channels] }
            }
        case .bilinearResize(let resize): return bilinear(inputs[0], resize, shapes[node.inputs[0]], shapes[index])
        case .image, .convolution, .depthwise, .globalAveragePool, .gate: return nil
        }
    }

    private func perPixel(_ map: [Float], _ channels: Int, _ body: ([Float]) -> [Float]) -> [Float] {
        stride(from: 0, to: map.count, by: channels).flatMap { body(Array(map[$0..<$0 + channels])) }
    }

    private func nearest(_ map: [Float], _ from: Shape, _ to: Shape) -> [Float] {
        (0..<to.pixels * from.channels).map { i in
            let (y, x, c) = (i / from.channels / to.width, i / from.channels % to.width, i % from.channels)
            return map[(y * from.height / to.height * from.width + x * from.width / to.width) * from.channels + c]
        }
    }

    private func pooled(
        _ map: [Float], _ window: Window, _ from: Shape, _ to: Shape, _ body: (_ inside: [Float], _ taps: Int) -> Float
    ) -> [Float] {
        func samples(_ axis: Window.Axis, _ i: Int, _ extent: Int) -> [Int] {
            (0..<axis.kernel).map { i * axis.stride - axis.before + $0 * axis.dilation }.filter { (0..<extent).contains($0) }
        }
        return (0..<to.count).map { i in
            let (y, x, c) = (i / to.channels / to.width, i / to.channels % to.width, i % to.channels)
            let columns = samples(window.columns, x, from.width)
            let inside = samples(window.rows, y, from.height).flatMap { row in
                columns.map { map[(row * from.width + $0) * from.channels + c] }
            }
            return body(inside, window.taps)
        }
    }

    private func gridMeans(_ map: [Float], _ pool: AdaptiveAveragePool, _ from: Shape) -> [Float] {
        func samples(_ cell: Int, _ cells: Int, _ extent: Int) -> [Int] {
            (0..<extent).filter { ($0 + 1) * cells > cell * extent && $0 * cells < (cell + 1) * extent }
        }
        return (0..<pool.rows * pool.columns * pool.channels).map { i in
            let (y, x, c) = (i / pool.channels / pool.columns, i / pool.channels % pool.columns, i % pool.channels)
            let columns = samples(x, pool.columns, from.width)
            let values = samples(y, pool.rows, from.height).flatMap { row in
                columns.map { map[(row * from.width + $0) * from.channels + c] }
            }
            return values.reduce(0, +) / Float(values.count)
        }
    }

    private func bilinear(_ map: [Float], _ resize: BilinearResize, _ from: Shape, _ to: Shape) -> [Float] {
        func position(_ i: Int, _ from: Int, _ to: Int, _ scale: Float?) -> Double {
            let ratio = scale.map { 1 / Double($0) } ?? Double(from) / Double(to)
            let exact: Double =
                switch resize.positions {
                case .halfPixel: (Double(i) + 0.5) * ratio - 0.5
                case .alignCorners: to > 1 ? Double(i * (from - 1)) / Double(to - 1) : 0
                case .asymmetric: Double(i) * ratio
                }
            return min(max(exact, 0), Double(from - 1))
        }
        var scales: (height: Float?, width: Float?)
        if case .scales(let height, let width) = resize.target { scales = (height, width) }
        return (0..<to.count).map { i in
            let (y, x, c) = (i / to.channels / to.width, i / to.channels % to.width, i % to.channels)
            let py = position(y, from.height, to.height, scales.height), px = position(x, from.width, to.width, scales.width)
            func value(_ row: Int, _ column: Int) -> Double {
                Double(map[(min(row, from.height - 1) * from.width + min(column, from.width - 1)) * from.channels + c])
            }
            let (top, left) = (Int(py), Int(px)), (down, across) = (py - Double(Int(py)), px - Double(Int(px)))
            let above = value(top, left) * (1 - across) + value(top, left + 1) * across
            let below = value(top + 1, left) * (1 - across) + value(top + 1, left + 1) * across
            let blended = Float(above * (1 - down) + below * down)
            return resize.activation == .relu ? max(0, blended) : blended
        }
    }

    private func spread(_ map: [Float], _ space: DepthToSpace, _ from: Shape, _ to: Shape) -> [Float] {
        (0..<to.count).map { i in
            let (y, x, c) = (i / to.channels / to.width, i / to.channels % to.width, i % to.channels)
            let pixel = y / space.block * from.width + x / space.block, phase = y % space.block * space.block + x % space.block
            return map[pixel * from.channels + phase * space.channels + c]
        }
    }
}
