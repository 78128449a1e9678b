import ESegNetwork

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

extension ConstantFolding {
    /// Of each element by itself.
    enum Unary: String, CaseIterable {
        case relu = "Relu"
        case neg = "Neg"
        case abs = "Abs"
        case sign = "Sign"
        case not = "Not"
        case floor = "Floor"
        case ceil = "Ceil"
        case round = "Round"
        case sqrt = "Sqrt"
        case reciprocal = "Reciprocal"
        case exp = "Exp"
    }

    /// Of elements of two tensors of one type, or of more where ONNX takes more.
    enum Binary: String, CaseIterable {
        case add = "Add"
        case sub = "Sub"
        case mul = "Mul"
        case div = "Div"
        case mod = "Mod"
        case pow = "Pow"
        case min = "Min"
        case max = "Max"
    }
}

// One input
extension ConstantFolding {
    func unary(_ operation: Unary) throws(NetworkError) -> Constant {
        switch operation {
        case .relu: try mapped({ $0 < 0 ? 0 : $0 }, { $0 < 0 ? 0 : $0 })
        case .neg: try mapped({ -$0 }, { Self.exact(0.subtractingReportingOverflow($0)) })
        case .abs: try mapped({ $0.magnitude }, { Int(exactly: $0.magnitude) })
        case .sign: try mapped({ $0 > 0 ? 1 : $0 < 0 ? -1 : $0 }, { $0.signum() })
        case .not: Constant(shape: try input(0).shape, values: .ints(try integers(0).map { $0 == 0 ? 1 : 0 }))
        case .floor: try mapped { $0.rounded(.down) }
        case .ceil: try mapped { $0.rounded(.up) }
        case .round: try mapped { $0.rounded(.toNearestOrEven) }
        case .sqrt: try mapped { $0.squareRoot() }
        case .reciprocal: try mapped { 1 / $0 }
        case .exp: try mapped { Float(exp(Double($0))) }
        }
    }

    private func mapped(_ float: (Float) -> Float) throws(NetworkError) -> Constant {
        Constant(shape: try input(0).shape, values: .floats(try floats(0).map(float)))
    }

    private func mapped(_ float: (Float) -> Float, _ int: (Int) -> Int?) throws(NetworkError) -> Constant {
        guard let ints = try input(0).ints else { return try mapped(float) }
        return Constant(shape: try input(0).shape, values: .ints(try fitting(ints.map(int))))
    }

    /// A result that fits, or nil.
    private static func exact(_ result: (partialValue: Int, overflow: Bool)) -> Int? { result.overflow ? nil : result.partialValue }

    private func fitting(_ values: [Int?]) throws(NetworkError) -> [Int] {
        let fitting = values.compactMap { $0 }
        guard fitting.count == values.count else {
            throw node.error("value", found: "an overflow of int64, or a division by zero", expected: "integers that fit")
        }
        return fitting
    }
}

// Two inputs or more
extension ConstantFolding {
    func binary(_ operation: Binary) throws(NetworkError) -> Constant {
        switch operation {
        case .add: try combined(+) { Self.exact($0.addingReportingOverflow($1)) }
        case .sub: try combined(-) { Self.exact($0.subtractingReportingOverflow($1)) }
        case .mul: try combined(*) { Self.exact($0.multipliedReportingOverflow(by: $1)) }
        case .div: try combined(/) { Self.exact($0.dividedReportingOverflow(by: $1)) }
        case .mod: try remainder()
        case .pow: try power()
        case .min: try chosen({ $0 < $1 }, { $0 < $1 })
        case .max: try chosen({ $0 > $1 }, { $0 > $1 })
        }
    }

    private func combined(_ float: (Float, Float) -> Float, _ int: (Int, Int) -> Int?) throws(NetworkError) -> Constant {
        try combined(try input(0), try input(1), float, int)
    }

    private func combined(
        _ a: Constant, _ b: Constant, _ float: (Float, Float) -> Float, _ int: (Int, Int) -> Int?
    ) throws(NetworkError) -> Constant {
        let (shape, left, right) = try broadcast(a.shape, b.shape)
        switch (a.values, b.values) {
        case (.floats(let x), .floats(let y)):
            return Constant(shape: shape, values: .floats(zip(left, right).map { float(x[$0], y[$1]) }))
        case (.ints(let x), .ints(let y)):
            return Constant(shape: shape, values: .ints(try fitting(zip(left, right).map { int(x[$0], y[$1]) })))
        default: throw node.error("inputs", found: "floats and integers", expected: "tensors of one type")
        }
    }

    /// The shape that two shapes broadcast to, and for each of its elements those of the two.
    func broadcast(_ a: [Int], _ b: [Int]) throws(NetworkError) -> (shape: [Int], left: [Int], right: [Int]) {
        guard let shape = Constant.broadcast(a, b) else {
            throw node.error("inputs", found: "shapes \(a) and \(b)", expected: "shapes of which one broadcasts to the other")
        }
        _ = try count(shape)
        return (shape, Constant.places(of: a, broadcastTo: shape), Constant.places(of: b, broadcastTo: shape))
    }

    /// The least or greatest of any number of inputs; what is not a number stays none.
    private func chosen(_ float: (Float, Float) -> Bool, _ int: (Int, Int) -> Bool) throws(NetworkError) -> Constant {
        var best = try input(0)
        for index in inputs.indices.dropFirst() {
            best = try combined(best, try input(index), { $0.isNaN || float($0, $1) ? $0 : $1 }, { int($0, $1) ? $0 : $1 })
        }
        return best
    }

    /// The divisor's sign, or the dividend's with `fmod`, as C has it.
    private func remainder() throws(NetworkError) -> Constant {
        let truncates = try node.int("fmod", default: 0) != 0
        if case .floats = try input(0).values, !truncates { throw node.error("fmod", found: "0", expected: "1, for floats") }
        return try combined({ $0.truncatingRemainder(dividingBy: $1) }) { dividend, divisor in
            guard divisor != 0 else { return nil }
            let rest = dividend.remainderReportingOverflow(dividingBy: divisor).partialValue
            return truncates || rest == 0 || (rest < 0) == (divisor < 0) ? rest : rest + divisor
        }
    }

    /// Of the base's type, whatever the exponent's is.
    private func power() throws(NetworkError) -> Constant {
        let base = try input(0), exponent = try input(1), (shape, left, right) = try broadcast(base.shape, exponent.shape)
        switch (base.values, exponent.values) {
        case (.floats(let x), _):
            let y = exponent.floats
            return Constant(shape: shape, values: .floats(zip(left, right).map { Float(pow(Double(x[$0]), Double(y[$1]))) }))
        case (.ints(let x), .ints(let y)):
            return Constant(shape: shape, values: .ints(try fitting(zip(left, right).map { Self.power(x[$0], y[$1]) })))
        case (.ints(let x), .floats(let y)):
            let powers = zip(left, right).map { Int(exactly: pow(Double(x[$0]), Double(y[$1])).rounded(.towardZero)) }
            return Constant(shape: shape, values: .ints(try fitting(powers)))
        }
    }

    /// An integer power, truncated toward zero, or nil where none fits.
    private static func power(_ base: Int, _ exponent: Int) -> Int? {
        if base == 1 || exponent == 0 { return 1 }
        if base == -1 { return exponent % 2 == 0 ? 1 : -1 }
        if base == 0 { return exponent > 0 ? 0 : nil }
        guard exponent > 0 else { return 0 }
        guard exponent < 64 else { return nil }
        return (0..<exponent).reduce(1) { product, _ in product.flatMap { exact($0.multipliedReportingOverflow(by: base)) } }
    }
}
