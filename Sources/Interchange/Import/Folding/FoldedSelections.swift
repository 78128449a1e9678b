import ESegNetwork

extension ConstantFolding {
    /// What gives truth values, which are the integers 0 and 1.
    enum Predicate: String, CaseIterable {
        case equal = "Equal"
        case greater = "Greater"
        case less = "Less"
        case greaterOrEqual = "GreaterOrEqual"
        case lessOrEqual = "LessOrEqual"
        case and = "And"
        case or = "Or"
        case xor = "Xor"
    }

    /// What gives elements of its inputs, or the same numbers as another type.
    enum Selection: String, CaseIterable {
        case cast = "Cast"
        case clip = "Clip"
        case identity = "Identity"
        case size = "Size"
        case `where` = "Where"
        case nonZero = "NonZero"
    }

    func predicate(_ operation: Predicate) throws(NetworkError) -> Constant {
        switch operation {
        case .equal: try compared(==, ==)
        case .greater: try compared(>, >)
        case .less: try compared(<, <)
        case .greaterOrEqual: try compared(>=, >=)
        case .lessOrEqual: try compared(<=, <=)
        case .and: try compared(nil) { $0 != 0 && $1 != 0 }
        case .or: try compared(nil) { $0 != 0 || $1 != 0 }
        case .xor: try compared(nil) { ($0 != 0) != ($1 != 0) }
        }
    }

    private func compared(_ float: ((Float, Float) -> Bool)?, _ int: (Int, Int) -> Bool) throws(NetworkError) -> Constant {
        let (a, b) = (try input(0), try input(1)), (shape, left, right) = try broadcast(a.shape, b.shape)
        switch (a.values, b.values) {
        case (.ints(let x), .ints(let y)):
            return Constant(shape: shape, values: .ints(zip(left, right).map { int(x[$0], y[$1]) ? 1 : 0 }))
        case (.floats(let x), .floats(let y)):
            guard let float else { throw node.error("inputs", found: "floats", expected: "truth values") }
            return Constant(shape: shape, values: .ints(zip(left, right).map { float(x[$0], y[$1]) ? 1 : 0 }))
        default: throw node.error("inputs", found: "floats and integers", expected: "tensors of one type")
        }
    }

    func selected(_ operation: Selection) throws(NetworkError) -> Constant {
        switch operation {
        case .cast: try cast()
        case .clip: try clipped()
        case .identity: try input(0)
        case .size: Constant(shape: [], values: .ints([try input(0).values.count]))
        case .where: try either()
        case .nonZero: try nonZero()
        }
    }

    private func cast() throws(NetworkError) -> Constant {
        let constant = try input(0), type = ONNX.ElementType(rawValue: Int64(try node.int("to", default: 0)))
        switch type {
        case .int64: return try cast(constant, Int64.self)
        case .int32: return try cast(constant, Int32.self)
        case .int16: return try cast(constant, Int16.self)
        case .int8: return try cast(constant, Int8.self)
        case .uint16: return try cast(constant, UInt16.self)
        case .uint8: return try cast(constant, UInt8.self)
        case .bool: return Constant(shape: constant.shape, values: .ints(constant.truths.map { $0 ? 1 : 0 }))
        case .float, .double: return Constant(shape: constant.shape, values: .floats(constant.floats))
        case .float16:
            let halves = constant.floats.map { Self.rounded($0, fractionBits: 10, leastExponent: -14, greatest: 65504) }
            return Constant(shape: constant.shape, values: .floats(halves))
        case .bfloat16:
            let rounded = constant.floats.map { Self.rounded($0, fractionBits: 7, leastExponent: -126, greatest: .greatestFiniteMagnitude) }
            return Constant(shape: constant.shape, values: .floats(rounded))
        case .string, nil:
            throw node.error("to", found: type.map { "\($0)" } ?? "an unknown type", expected: "floats, integers or bool")
        }
    }

    /// Floats are truncated and must fit; of integers the low bits stay.
    private func cast<Integer: FixedWidthInteger>(_ constant: Constant, _: Integer.Type) throws(NetworkError) -> Constant {
        switch constant.values {
        case .ints(let values): return Constant(shape: constant.shape, values: .ints(values.map { Int(Integer(truncatingIfNeeded: $0)) }))
        case .floats(let values):
            var integers: [Int] = []
            for value in values {
                guard let integer = Integer(exactly: value.rounded(.towardZero)) else {
                    throw node.error("value", found: "\(value)", expected: "a number that \(Integer.self) holds")
                }
                integers.append(Int(integer))
            }
            return Constant(shape: constant.shape, values: .ints(integers))
        }
    }

    /// The nearest number of a smaller type, to even of two that are as near.
    private static func rounded(_ value: Float, fractionBits: Int, leastExponent: Int, greatest: Float) -> Float {
        guard value.isFinite, value != 0 else { return value }
        let exponent = max(Int(value.exponent), leastExponent) - fractionBits
        let step = Double(sign: .plus, exponent: exponent, significand: 1)
        let nearest = Float((Double(value) / step).rounded(.toNearestOrEven) * step)
        return nearest.magnitude <= greatest ? nearest : value < 0 ? -.infinity : .infinity
    }

    private func clipped() throws(NetworkError) -> Constant {
        var constant = try input(0)
        let (least, greatest) = (try bound(1), try bound(2))
        switch constant.values {
        case .floats(let values):
            let (least, greatest) = (least == nil ? -.infinity : try floats(1)[0], greatest == nil ? .infinity : try floats(2)[0])
            constant.values = .floats(values.map { $0.isNaN ? $0 : min(max($0, least), greatest) })
        case .ints(let values):
            let (least, greatest) = (least == nil ? .min : try integers(1)[0], greatest == nil ? .max : try integers(2)[0])
            constant.values = .ints(values.map { min(max($0, least), greatest) })
        }
        return constant
    }

    /// The number that input `index` is, or nil where it is left out.
    private func bound(_ index: Int) throws(NetworkError) -> Constant? {
        guard let bound = try optional(index) else { return nil }
        guard bound.values.count == 1 else { throw node.error("range", found: "a bound of shape \(bound.shape)", expected: "one number") }
        return bound
    }

    /// One of two where a condition holds, and the other where it does not.
    private func either() throws(NetworkError) -> Constant {
        let condition = try input(0), (a, b) = (try input(1), try input(2)), truths = try integers(0)
        let values = try broadcast(a.shape, b.shape), both = try broadcast(condition.shape, values.shape)
        func picked<Element>(_ x: [Element], _ y: [Element]) -> [Element] {
            zip(both.left, both.right).map { truths[$0] != 0 ? x[values.left[$1]] : y[values.right[$1]] }
        }
        switch (a.values, b.values) {
        case (.floats(let x), .floats(let y)): return Constant(shape: both.shape, values: .floats(picked(x, y)))
        case (.ints(let x), .ints(let y)): return Constant(shape: both.shape, values: .ints(picked(x, y)))
        default: throw node.error("inputs", found: "floats and integers", expected: "tensors of one type")
        }
    }

    /// The indices of the elements that are not zero, a row for each dimension.
    private func nonZero() throws(NetworkError) -> Constant {
        let constant = try input(0), shape = constant.shape.isEmpty ? [1] : constant.shape
        let truths = constant.truths, places = truths.indices.filter { truths[$0] }
        _ = try count([shape.count, places.count])
        let rows = zip(shape, Constant.strides(shape)).flatMap { extent, stride in places.map { $0 / stride % extent } }
        return Constant(shape: [shape.count, places.count], values: .ints(rows))
    }
}

extension Constant {
    /// Which elements are not zero.
    var truths: [Bool] {
        switch values {
        case .floats(let values): values.map { $0 != 0 }
        case .ints(let values): values.map { $0 != 0 }
        }
    }
}
