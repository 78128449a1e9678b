import ESegNetwork
import TestSupport

/// Graphs of what networks of other people have: windows of any kind, resizes, means, products and channels put elsewhere.
extension GeneralGraphs {
    static let windows: [(name: String, make: @Sendable () -> Graph)] = [
        (
            "dilated, asymmetric and even windows",
            {
                make { maker in
                    let dilated = maker.dense(maker.half, 9, .axis(3, dilation: 4), .axis(3, dilation: 3))
                    let tall = maker.dense(dilated, 7, .axis(3), .axis(1)), wide = maker.dense(tall, 10, .axis(1), .axis(5))
                    let even = maker.dense(
                        wide, 6, .init(kernel: 2, stride: 2, before: 0, after: 0), .init(kernel: 4, stride: 2, before: 1, after: 2))
                    return maker.convolution(even, 5)
                }
            }
        ),
        (
            "depthwise windows of any kind",
            {
                make { maker in
                    let each = maker.depthwise(maker.half, kernel: 1, .relu), large = maker.depthwise(each, kernel: 7, stride: 2, .silu)
                    let window = Window(rows: .axis(3, dilation: 5), columns: .axis(3, dilation: 2))
                    let dilated = maker.add(.depthwise(Depthwise(channels: 8, window: window, activation: .hardSwish)), [large])
                    let tall = Window(rows: .axis(5), columns: .init(kernel: 1, stride: 3, before: 0, after: 0))
                    return maker.convolution(maker.add(.depthwise(Depthwise(channels: 8, window: tall, activation: .relu6)), [dilated]), 5)
                }
            }
        ),
        (
            "pools of any window",
            {
                make { maker in
                    let half = maker.half, uneven = Window(rows: .init(kernel: 2, stride: 2, before: 0, after: 1), columns: .axis(3))
                    let most = maker.add(.maxPool(MaxPool(channels: 8, window: uneven)), [half])
                    let mean = maker.add(.averagePool(AveragePool(channels: 8, window: uneven, countsPadding: false)), [half])
                    let smooth = maker.add(
                        .averagePool(AveragePool(channels: 8, window: Window(kernel: 5, stride: 1), countsPadding: true)), [most])
                    return maker.convolution(maker.sum([smooth, mean]), 5)
                }
            }
        ),
        (
            "residual sums that pass an activation",
            {
                make { maker in
                    let half = maker.half, twice = maker.residual(half, half, kernel: 3, .relu)
                    let clipped = maker.residual(twice, half, kernel: 1, .relu6)
                    let each = maker.depthwise(maker.residual(clipped, twice, kernel: 5, .relu))
                    return maker.convolution(maker.residual(each, clipped, kernel: 1, .relu), 5)
                }
            }
        ),
        (
            "pools to grids of any size",
            {
                make { maker in
                    let half = maker.half, quarter = maker.quarter
                    let coarse = maker.add(.adaptiveAveragePool(AdaptiveAveragePool(channels: 8, rows: 3, columns: 2)), [half])
                    let fine = maker.add(.adaptiveAveragePool(AdaptiveAveragePool(channels: 8, rows: 5, columns: 33)), [quarter])
                    let branch = maker.resize(maker.convolution(coarse, 8, .relu), [half])
                    return maker.convolution(maker.sum([branch, maker.resize(fine, [half])]), 5)
                }
            }
        ),
        (
            "dense blocks, whose maps lie in their concats",
            {
                make { maker in
                    let half = maker.half
                    var joined = maker.concat([maker.convolution(half, 7), maker.convolution(half, 5)])
                    for channels in [4, 3, 8] {
                        let new = maker.convolution(maker.convolution(joined, 6, .relu), channels, kernel: 3)
                        joined = maker.concat([joined, new])
                    }
                    let each = maker.depthwise(joined, kernel: 1, .relu), pooled = maker.maxPool(joined)
                    return maker.convolution(maker.concat([maker.resize(pooled, [each]), each]), 5)
                }
            }
        ),
        (
            "hierarchical sums in a concat",
            {
                make { maker in
                    let half = maker.half, first = maker.convolution(half, 8), mean = maker.depthwise(half, kernel: 7)
                    let second = maker.residual(half, first, kernel: 3, .relu), third = maker.sum([second, first])
                    let fourth = maker.add(
                        .averagePool(AveragePool(channels: 8, window: Window(kernel: 3, stride: 1), countsPadding: true)), [mean])
                    let joined = maker.concat([first, second, third, fourth, maker.depthwise(third)])
                    return maker.convolution(maker.sum([joined, maker.convolution(half, 40)], .relu), 5)
                }
            }
        ),
        (
            "runs of channels, which lie in the maps that they are chosen from",
            {
                make { maker in
                    let half = maker.half, quarter = maker.quarter, wide = maker.convolution(half, 24, .relu)
                    func run(_ input: Int, _ channels: Range<Int>) -> Int {
                        let count = maker.nodes[input].channels
                        return maker.add(.channelSelection(ChannelSelection(inputChannels: count, selected: Array(channels))), [input])
                    }
                    let first = run(wide, 0..<12), second = run(wide, 12..<24), within = run(second, 3..<11)
                    let gate = maker.convolution(maker.add(.globalAveragePool(GlobalAveragePool(channels: 12)), [first]), 12, .sigmoid)
                    let gated = maker.add(.product(Product(channels: 12)), [first, gate])
                    let product = maker.add(.product(Product(channels: 8)), [within, half])
                    let each = maker.depthwise(run(gated, 4..<12)), joined = maker.concat([run(wide, 2..<7), each, product, within])
                    let shuffled = maker.add(
                        .channelSelection(ChannelSelection(inputChannels: 29, selected: (0..<29).map { $0 * 5 % 29 })), [joined])
                    let up = maker.add(
                        .bilinearResize(BilinearResize(channels: 8, target: .like, positions: .halfPixel)), [run(quarter, 0..<8), half])
                    return maker.convolution(maker.concat([maker.sum([run(shuffled, 20..<28), up]), run(shuffled, 0..<9)]), 5)
                }
            }
        ),
        (
            "slopes below zero",
            {
                make { maker in
                    let half = maker.convolution(maker.half, 8, kernel: 3, .prelu), each = maker.depthwise(half, kernel: 1, .prelu)
                    let around = maker.depthwise(each, kernel: 5, stride: 2, .prelu), whole = maker.depthwise(each, kernel: 7, stride: 2)
                    let mixed = maker.concat([around, maker.depthwise(whole, kernel: 1, .hardSwish)])
                    let mean = maker.add(.globalAveragePool(GlobalAveragePool(channels: 16)), [mixed])
                    let gate = maker.convolution(maker.convolution(mean, 5, .prelu), 16, .sigmoid)
                    return maker.convolution(maker.add(.product(Product(channels: 16)), [mixed, gate]), 5, .prelu)
                }
            }
        ),
        (
            "bilinear and nearest resizes",
            {
                make { maker in
                    let half = maker.half, quarter = maker.convolution(half, 8, kernel: 3, stride: 2, .relu)
                    let up = maker.add(
                        .bilinearResize(BilinearResize(channels: 8, target: .like, positions: .alignCorners)), [quarter, half])
                    let fixed = maker.add(
                        .bilinearResize(
                            BilinearResize(
                                channels: 8, target: .size(MapSize(height: 9, width: 7)), positions: .halfPixel, activation: .relu)),
                        [half])
                    let scaled = maker.add(
                        .bilinearResize(BilinearResize(channels: 8, target: .scales(height: 1.5, width: 0.7), positions: .asymmetric)),
                        [fixed])
                    let repeated = maker.add(.resize(Resize(channels: 8, target: .scales(height: 2, width: 3))), [scaled])
                    return maker.convolution(maker.sum([up, maker.resize(repeated, [half])], .relu), 5)
                }
            }
        ),
        (
            "gates and pooled branches of any make",
            {
                make { maker in
                    let half = maker.half, mean = maker.add(.globalAveragePool(GlobalAveragePool(channels: 8)), [half])
                    let gate = maker.convolution(maker.convolution(mean, 3, .relu), 8, .hardSigmoid)
                    let gated = maker.add(.product(Product(channels: 8)), [half, gate])
                    let spatial = maker.convolution(half, 1, kernel: 3, .sigmoid)
                    let shown = maker.add(.product(Product(channels: 8, factorChannels: 1)), [gated, spatial])
                    let squared = maker.add(.product(Product(channels: 8)), [shown, half])
                    let branch = maker.resize(maker.convolution(mean, 8, .relu), [half])
                    return maker.convolution(maker.sum([squared, branch]), 5)
                }
            }
        ),
        (
            "shares of channels and the greatest of them",
            {
                make { maker in
                    let half = maker.half, shares = maker.add(.softmax(Softmax(channels: 5)), [maker.convolution(half, 5)])
                    let greatest = maker.add(.channelMaximum(ChannelMaximum(inputChannels: 5)), [shares])
                    let most = maker.add(.channelMaximum(ChannelMaximum(inputChannels: 8)), [half])
                    let weighed = maker.add(.product(Product(channels: 8, factorChannels: 1)), [half, greatest])
                    let mixed = maker.convolution(maker.concat([weighed, most]), 5, kernel: 3)
                    return maker.add(.softmax(Softmax(channels: 5)), [maker.sum([mixed, shares])])
                }
            }
        ),
        (
            "channels chosen, and blocks of them as pixels",
            {
                make { maker in
                    let quarter = maker.quarter
                    let first = maker.add(.channelSelection(ChannelSelection(inputChannels: 8, selected: [6, 0, 3])), [quarter])
                    let rest = maker.add(.channelSelection(ChannelSelection(inputChannels: 8, selected: Array(2..<8))), [quarter])
                    let blocks = maker.convolution(maker.concat([first, rest]), 20)
                    return maker.add(.depthToSpace(DepthToSpace(channels: 5, block: 2)), [blocks])
                }
            }
        ),
    ]
}

extension Window.Axis {
    /// As many samples as there are, at stride 1.
    fileprivate static func axis(_ kernel: Int, dilation: Int = 1) -> Window.Axis {
        let padding = (kernel - 1) * dilation / 2
        return Window.Axis(kernel: kernel, dilation: dilation, before: padding, after: padding)
    }
}

extension GraphMaker {
    /// activation(convolution(input) + other), of 8 channels.
    fileprivate mutating func residual(_ input: Int, _ other: Int, kernel: Int, _ activation: Activation) -> Int {
        let layer = Convolution(
            inputChannels: 8, outputChannels: 8, window: Window(kernel: kernel, stride: 1), activation: .none, residual: true,
            sumActivation: activation)
        return add(.convolution(layer), [input, other])
    }

    fileprivate mutating func dense(_ input: Int, _ channels: Int, _ rows: Window.Axis, _ columns: Window.Axis) -> Int {
        let layer = Convolution(
            inputChannels: nodes[input].channels, outputChannels: channels, window: Window(rows: rows, columns: columns), activation: .relu)
        return add(.convolution(layer), [input])
    }
}
