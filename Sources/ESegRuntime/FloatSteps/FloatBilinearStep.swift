import ESegNetwork
import Kernels

/// A bilinear resize.
struct FloatBilinearStep: FloatStep {
    private let operation: eseg_f32_bilinear_op
    private let input: Input
    private let output: Output

    /// Positions are in parts of this.
    private static let one = 1 << 20

    init(_ resize: BilinearResize, from shape: Shape, to target: Shape, _ pool: MemoryPool, input: Input, output: Output) throws {
        let (rows, columns) = resize.axes(from: shape, to: target, one: Self.one)
        func indices(_ values: [Int]) throws -> UnsafePointer<Int32> {
            UnsafePointer(try pool.copy(values.map(Int32.init), padded: 0))
        }
        func weights(_ axis: BilinearAxis) throws -> UnsafePointer<Float> {
            UnsafePointer(try pool.copy(axis.weights.map { Float($0) / Float(Self.one) }, padded: 0))
        }
        let range = resize.activation.clampingRange
        operation = eseg_f32_bilinear_op(
            input: shape.forKernels, output: target.forKernels, top: try indices(rows.lower), bottom: try indices(rows.upper),
            row_weights: try weights(rows), left: try indices(columns.lower), right: try indices(columns.upper),
            column_weights: try weights(columns), low: range.lowerBound, high: range.upperBound)
        self.input = input
        self.output = output
    }

    func run(_ call: FloatCall) {
        var operation = operation
        eseg_f32_bilinear_run(&operation, input, output, call.threads)
    }
}

extension Activation {
    /// What a clamping activation leaves as it is; everything for others.
    fileprivate var clampingRange: ClosedRange<Float> {
        switch self {
        case .relu: 0...Float.infinity
        case .relu6: 0...6
        case .none, .silu, .hardSwish, .sigmoid, .hardSigmoid, .prelu, .gelu, .geluTanh, .elu: -Float.infinity...Float.infinity
        }
    }
}
