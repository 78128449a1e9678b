import ESegNetwork
import TestSupport

/// Graphs that no ESeg has: of every operator at places where ESeg has others. Each gives five logits.
enum GeneralGraphs {
    static let names = all.map(\.name)

    static func graph(_ name: String) -> Graph? { all.first { $0.name == name }?.make() }

    private static let all = operators + windows

    private static let operators: [(name: String, make: @Sendable () -> Graph)] = [
        ("a 3x3 convolution of 1/2 last", { make { $0.convolution($0.half, 5, kernel: 3) } }),
        (
            "a convolution of whole size last",
            {
                make { maker in
                    let whole = maker.convolution(0, 8, kernel: 3, .relu6)
                    return maker.convolution(maker.convolution(maker.depthwise(whole), 12), 5)
                }
            }
        ),
        (
            "GELU and ELU",
            {
                make { maker in
                    let first = maker.convolution(maker.half, 12, .gelu), each = maker.depthwise(first, stride: 2, .geluTanh)
                    let second = maker.convolution(each, 8, kernel: 3, .elu), sum = maker.sum([second, maker.convolution(each, 8)], .gelu)
                    return maker.convolution(maker.depthwise(sum, .elu), 5, .geluTanh)
                }
            }
        ),
        ("a strided convolution of 1/8 last", { make { $0.convolution($0.quarter, 5, kernel: 5, stride: 2) } }),
        ("an activated convolution last", { make { $0.convolution($0.half, 5, .silu) } }),
        (
            "a residual convolution last",
            {
                make { maker in
                    let half = maker.convolution(maker.half, 5, .relu)
                    return maker.convolution(half, 5, kernel: 3, residual: half)
                }
            }
        ),
        ("a depthwise convolution last", { make { $0.depthwise($0.convolution($0.half, 5, .relu), kernel: 5) } }),
        (
            "a sum last",
            {
                make { maker in
                    let half = maker.half, other = maker.convolution(half, 5)
                    return maker.sum([maker.convolution(half, 5), other])
                }
            }
        ),
        (
            "a resize to the whole size last",
            {
                make { maker in
                    let quarter = maker.convolution(maker.quarter, 5), whole = maker.convolution(0, 5, kernel: 3, .relu)
                    let smaller = maker.resize(whole, [quarter])
                    return maker.resize(maker.sum([quarter, smaller]), [whole])
                }
            }
        ),
        ("a squeeze-excite last", { make { $0.squeezeExcite($0.convolution($0.quarter, 5), squeezed: 2) } }),
        ("a max-pool last", { make { $0.maxPool($0.convolution($0.half, 5)) } }),
        (
            "a sum of sixteen",
            {
                make { maker in
                    let half = maker.half, quarter = maker.convolution(half, 8, kernel: 3, stride: 2, .relu),
                        eighth = maker.maxPool(quarter)
                    let terms = (0..<5).flatMap { _ in [maker.resize(eighth, [quarter]), maker.maxPool(half), quarter] }
                    return maker.convolution(maker.sum([quarter] + terms, .relu), 5)
                }
            }
        ),
        (
            "resizes of several steps that convolutions read",
            {
                make { maker in
                    let half = maker.half, quarter = maker.convolution(half, 8, kernel: 5, stride: 2), eighth = maker.maxPool(quarter)
                    let up = maker.resize(eighth, [quarter, half]), down = maker.resize(half, [eighth, quarter])
                    return maker.convolution(maker.sum([maker.convolution(up, 8, .relu), maker.resize(maker.depthwise(down), [half])]), 5)
                }
            }
        ),
        (
            "resizes to the size of maps with more channels and fewer",
            {
                make { maker in
                    let quarter = maker.convolution(maker.quarter, 3), wide = maker.convolution(maker.half, 24)
                    let up = maker.resize(quarter, [wide]), down = maker.resize(wide, [quarter])
                    return maker.convolution(maker.concat([maker.convolution(up, 4), maker.resize(maker.convolution(down, 4), [up])]), 5)
                }
            }
        ),
        (
            "a block that reads a resize and a max-pool",
            {
                make { maker in
                    let half = maker.half, eighth = maker.maxPool(maker.maxPool(half)), quarter = maker.maxPool(half)
                    let expanded = maker.convolution(maker.resize(eighth, [quarter]), 24, .hardSwish)
                    let block = maker.convolution(maker.depthwise(expanded, .hardSwish), 8, residual: quarter)
                    return maker.convolution(maker.convolution(maker.resize(block, [half]), 16, kernel: 3, .relu), 5)
                }
            }
        ),
        (
            "a pyramid",
            {
                make { maker in
                    let levels = maker.levels
                    return maker.convolution(maker.sum([levels[0]] + maker.descents(levels)), 5)
                }
            }
        ),
        (
            "a pyramid, one of whose resizes others read",
            {
                make { maker in
                    let levels = maker.levels, descents = maker.descents(levels)
                    let sum = maker.sum([levels[0]] + descents)
                    return maker.convolution(maker.sum([sum, maker.depthwise(descents[0])]), 5)
                }
            }
        ),
        (
            "a block that begins with a pyramid",
            {
                make { maker in
                    let levels = maker.levels, sum = maker.sum([levels[0]] + maker.descents(levels))
                    return maker.convolution(maker.convolution(maker.depthwise(sum), 8, .relu), 5)
                }
            }
        ),
        (
            "a squeeze-excite in a block",
            {
                make { maker in
                    let half = maker.half, expanded = maker.convolution(half, 16, .silu)
                    let gated = maker.squeezeExcite(maker.depthwise(expanded, stride: 2, .silu), squeezed: 3)
                    return maker.convolution(maker.convolution(gated, 8), 5)
                }
            }
        ),
        (
            "a block that expands pixels",
            {
                make { maker in
                    let expanded = maker.convolution(0, 12, .relu)
                    let block = maker.convolution(maker.depthwise(expanded, stride: 2, .relu), 8)
                    return maker.convolution(block, 5)
                }
            }
        ),
        (
            "depthwise and pointwise convolutions in turns",
            {
                make { maker in
                    let first = maker.convolution(maker.depthwise(maker.half), 24, .relu)
                    let second = maker.convolution(maker.depthwise(first, stride: 2), 16, .relu)
                    return maker.convolution(maker.convolution(maker.depthwise(second), 12, .relu), 5)
                }
            }
        ),
        (
            "a concat of three that one convolution reads",
            {
                make { maker in
                    let half = maker.half
                    let maps = [(7, 3), (1, 1), (12, 5)].map { maker.convolution(half, $0.0, kernel: $0.1, .relu) }
                    return maker.convolution(maker.concat(maps), 5)
                }
            }
        ),
        (
            "a concat of what is and is not activated, and read elsewhere",
            {
                make { maker in
                    let half = maker.half, curved = maker.convolution(half, 6, .silu), plain = maker.convolution(half, 9, kernel: 3)
                    let joined = maker.concat([half, curved, plain, half, maker.depthwise(half, .relu6)])
                    let block = maker.convolution(maker.depthwise(maker.convolution(joined, 11, .relu)), 8, residual: half)
                    return maker.convolution(maker.concat([block, joined]), 5, kernel: 3)
                }
            }
        ),
        (
            "a concat of concats, pooled and resized",
            {
                make { maker in
                    let half = maker.half, inner = maker.concat([maker.convolution(half, 3, .relu), maker.convolution(half, 6, .relu)])
                    let joined = maker.concat([inner, maker.convolution(half, 4, .relu)]), pooled = maker.maxPool(joined)
                    let sum = maker.sum([joined, maker.resize(pooled, [joined])], .relu)
                    return maker.convolution(maker.squeezeExcite(maker.depthwise(sum), squeezed: 2), 5)
                }
            }
        ),
        ("a concat last", { make { $0.concat([$0.convolution($0.half, 2), $0.convolution($0.half, 3, kernel: 3, .relu)]) } }),
        (
            "a dense block that gives a residual",
            {
                make { maker in
                    let half = maker.half, dense = maker.convolution(half, 16, kernel: 3, .relu)
                    return maker.convolution(maker.convolution(dense, 8, residual: half), 5)
                }
            }
        ),
    ]

    static func make(_ build: (inout GraphMaker) -> Int) -> Graph {
        var maker = GraphMaker()
        _ = build(&maker)
        return maker.graph
    }
}

extension GraphMaker {
    /// Eight channels of half the image's size.
    var half: Int { mutating get { convolution(0, 8, kernel: 3, stride: 2, .relu) } }

    var quarter: Int { mutating get { depthwise(half, stride: 2, .relu6) } }

    /// Of 1/2, 1/4, 1/8 and 1/16.
    fileprivate var levels: [Int] {
        mutating get {
            var levels = [half]
            for _ in 0..<3 { levels.append(convolution(levels[levels.count - 1], 8, kernel: 3, stride: 2, .relu)) }
            return levels
        }
    }

    /// Levels but the finest, each brought to its size step by step.
    fileprivate mutating func descents(_ levels: [Int]) -> [Int] {
        levels.indices.dropFirst().map { level in
            let steps = Array(levels[..<level].reversed())
            return resize(levels[level], steps)
        }
    }
}
