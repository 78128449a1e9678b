import ESegNetwork

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

extension ConstantFolding {
    /// What makes one number of many, or sums along an axis.
    enum Reduction: String, CaseIterable {
        case sum = "ReduceSum"
        case mean = "ReduceMean"
        case prod = "ReduceProd"
        case max = "ReduceMax"
        case min = "ReduceMin"
        case sumSquare = "ReduceSumSquare"
        case l2 = "ReduceL2"
        case cumSum = "CumSum"
        case softmax = "Softmax"
    }

    func reduced(_ operation: Reduction) throws(NetworkError) -> Constant {
        switch operation {
        case .sum: try reduced({ $0.reduce(0, +) }, Self.sum)
        case .mean: try reduced({ $0.reduce(0, +) / Float($0.count) }, Self.mean)
        case .prod: try reduced({ $0.reduce(1, *) }, Self.product)
        case .max: try reduced({ $0.reduce(-Float.infinity) { $0.isNaN || $0 > $1 ? $0 : $1 } }, { $0.max() })
        case .min: try reduced({ $0.reduce(Float.infinity) { $0.isNaN || $0 < $1 ? $0 : $1 } }, { $0.min() })
        case .sumSquare: try reduced({ $0.reduce(0) { $0 + $1 * $1 } }, Self.squares)
        case .l2: try reduced({ $0.reduce(0) { $0 + $1 * $1 }.squareRoot() }, { Self.squares($0).map { Int(Double($0).squareRoot()) } })
        case .cumSum: try cumulated()
        case .softmax: try softmax()
        }
    }

    private static func sum(_ values: [Int]) -> Int? {
        values.reduce(0) { (sum: Int?, value) in
            guard let (sum, overflow) = sum?.addingReportingOverflow(value), !overflow else { return nil }
            return sum
        }
    }

    /// Truncated, as integer division is.
    private static func mean(_ values: [Int]) -> Int? {
        values.isEmpty ? nil : sum(values).map { $0 / values.count }
    }

    private static func product(_ values: [Int]) -> Int? {
        values.reduce(1) { (product: Int?, value) in
            guard let (product, overflow) = product?.multipliedReportingOverflow(by: value), !overflow else { return nil }
            return product
        }
    }

    private static func squares(_ values: [Int]) -> Int? {
        let squares = values.map { $0.multipliedReportingOverflow(by: $0) }
        return squares.contains { $0.overflow } ? nil : sum(squares.map(\.partialValue))
    }

    /// Over the axes that are named, or all of them.
    private func reduced(_ float: ([Float]) -> Float, _ int: ([Int]) -> Int?) throws(NetworkError) -> Constant {
        let constant = try input(0), shape = constant.shape
        let given = try optional(1) == nil ? [] : try integers(1)
        if given.isEmpty, try node.int("noop_with_empty_axes", default: 0) != 0 { return constant }
        let axes = given.isEmpty ? Set(shape.indices) : try axes(given, rank: shape.count)
        let strides = Constant.strides(shape), kept = shape.indices.filter { !axes.contains($0) }, dropped = axes.sorted()
        let remaining = kept.map { shape[$0] }
        _ = try count(remaining)
        let firsts = Constant.places(remaining, strides: kept.map { strides[$0] })
        let offsets = Constant.places(dropped.map { shape[$0] }, strides: dropped.map { strides[$0] })
        let keeps = try node.int("keepdims", default: 1) != 0
        let result = keeps ? shape.indices.map { axes.contains($0) ? 1 : shape[$0] } : remaining
        switch constant.values {
        case .floats(let values):
            return Constant(shape: result, values: .floats(firsts.map { first in float(offsets.map { values[first + $0] }) }))
        case .ints(let values):
            var reduced: [Int] = []
            for first in firsts {
                guard let value = int(offsets.map { values[first + $0] }) else {
                    throw node.error("value", found: "an overflow of int64, or no elements", expected: "integers that fit")
                }
                reduced.append(value)
            }
            return Constant(shape: result, values: .ints(reduced))
        }
    }

    /// Sums of all elements up to each, along an axis.
    private func cumulated() throws(NetworkError) -> Constant {
        var constant = try input(0)
        let axis = try axis(integer(1), rank: constant.shape.count)
        let exclusive = try node.int("exclusive", default: 0) != 0, reverse = try node.int("reverse", default: 0) != 0
        let runs = runs(of: constant.shape, at: axis).map { reverse ? $0.reversed() : $0 }
        switch constant.values {
        case .floats(var values):
            for run in runs {
                var sum: Float = 0
                for place in run {
                    let next = sum + values[place]
                    values[place] = exclusive ? sum : next
                    sum = next
                }
            }
            constant.values = .floats(values)
        case .ints(var values):
            for run in runs {
                var sum = 0
                for (index, place) in run.enumerated() {
                    let (next, overflow) = sum.addingReportingOverflow(values[place])
                    guard !overflow || exclusive && index == run.count - 1 else {
                        throw node.error("value", found: "an overflow of int64", expected: "integers that fit")
                    }
                    values[place] = exclusive ? sum : next
                    sum = next
                }
            }
            constant.values = .ints(values)
        }
        return constant
    }

    /// The places of the elements along one axis, for each of those that differ in other dimensions.
    private func runs(of shape: [Int], at axis: Int) -> [[Int]] {
        let (outer, extent, inner) = split(shape, at: axis)
        guard extent > 0 else { return [] }
        return (0..<outer).flatMap { o in (0..<inner).map { i in (0..<extent).map { (o * extent + $0) * inner + i } } }
    }

    /// Along one axis; before operator set 13, along all dimensions from that one on.
    private func softmax() throws(NetworkError) -> Constant {
        let constant = try input(0)
        var values = try floats(0)
        let axis = try axis(node.int("axis", default: opset < 13 ? 1 : -1), rank: constant.shape.count)
        let (outer, extent, inner) = split(constant.shape, at: axis)
        for run in opset < 13 ? runs(of: [outer, extent * inner], at: 1) : runs(of: constant.shape, at: axis) {
            let greatest = run.reduce(-Float.infinity) { max($0, values[$1]) }
            let exponentials = run.map { exp(values[$0] - greatest) }
            let sum = exponentials.reduce(0, +)
            for (place, value) in zip(run, exponentials) { values[place] = value / sum }
        }
        return Constant(shape: constant.shape, values: .floats(values))
    }
}
