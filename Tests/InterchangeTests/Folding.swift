import ESegNetwork
import Testing

@testable import Interchange

/// A constant of floats; one dimension unless `shape` says more.
func floats(_ values: [Float], _ shape: [Int]? = nil) -> Constant { Constant(shape: shape ?? [values.count], values: .floats(values)) }

/// A constant of integers or truth values; one dimension unless `shape` says more.
func ints(_ values: [Int], _ shape: [Int]? = nil) -> Constant { Constant(shape: shape ?? [values.count], values: .ints(values)) }

/// 0 to 5 in three rows.
let grid = floats([0, 1, 2, 3, 4, 5], [3, 2])

/// What a node makes of constants, of which nil ones are left out.
func folded(
    _ operation: String, _ inputs: [Constant?], _ attributes: [ONNX.Attribute] = [], opset: Int = 17, outputs: Int = 1
) throws(NetworkError) -> [Constant] {
    let node = ONNX.Node(
        name: "fold", operation: operation, inputs: inputs.map { $0 == nil ? "" : "constant" },
        outputs: (0..<outputs).map { "output\($0)" },
        attributes: attributes)
    return try ConstantFolding(node: ImportedNode(node, file: "test.onnx"), inputs: inputs, opset: opset).values() ?? []
}

/// Holds what a node makes of constants to what ONNX Runtime made of them.
func expect(
    _ operation: String, _ inputs: [Constant?], _ attributes: [ONNX.Attribute] = [], opset: Int = 17, gives expected: [Constant],
    _ location: SourceLocation = #_sourceLocation
) throws {
    let results = try folded(operation, inputs, attributes, opset: opset, outputs: expected.count)
    let equal = results.count == expected.count && zip(results, expected).allSatisfy(isSame)
    #expect(equal, "\(operation): \(results), not \(expected)", sourceLocation: location)
}

/// Whether shapes and integers are equal, and floats to the last digits.
private func isSame(_ a: Constant, _ b: Constant) -> Bool {
    guard a.shape == b.shape, case .floats(let x) = a.values, case .floats(let y) = b.values else { return a == b }
    return x.count == y.count && zip(x, y).allSatisfy { $0 == $1 || $0.isNaN && $1.isNaN || abs($0 - $1) <= 1e-6 * abs($1) }
}

extension ONNX.Attribute {
    static func float(_ name: String, _ value: Float) -> Self { Self(name: name, value: .float(value)) }
}
