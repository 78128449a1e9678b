import ESegNetwork
import Testing

@testable import Interchange

@Suite struct ONNXHostileFoldingTests {
    private typealias Bad = (operation: String, inputs: [Constant?], attributes: [ONNX.Attribute])

    @Test func shapesAndIndicesThatDoNotFitAreErrors() {
        let data = grid, far = [Int.max, Int.min, 1 << 40]
        var cases: [Bad] = [
            ("Reshape", [data, ints([4, -1])], []),
            ("Reshape", [data, ints([-1, -1])], []),
            ("Reshape", [data, ints([0, 0, 0])], []),
            ("Reshape", [data, ints([0, -1])], [.int("allowzero", 1)]),
            ("Reshape", [data, floats([6])], []),
            ("Reshape", [data], []),
            ("Reshape", [data, ints([Int](repeating: 1, count: 9))], []),
            ("Squeeze", [data, ints([0])], []),
            ("Squeeze", [data, ints([2])], []),
            ("Unsqueeze", [data], []),
            ("Unsqueeze", [data, ints([0, 0])], []),
            ("Unsqueeze", [data, ints([0, 1, 2, 3, 4, 5, 6])], []),
            ("Transpose", [data], [.ints("perm", [0, 0])]),
            ("Transpose", [data], [.ints("perm", [0])]),
            ("Expand", [data, ints([4, 2])], []),
            ("Expand", [data, ints([-1, 2])], []),
            ("Tile", [data, ints([2])], []),
            ("Tile", [data, ints([-1, 1])], []),
            ("Concat", [data, floats([1])], [.int("axis", 0)]),
            ("Concat", [data, ints([1, 2], [1, 2])], [.int("axis", 0)]),
            ("Concat", [ints([1], [])], [.int("axis", 0)]),
            ("Gather", [data, floats([0])], []),
            ("GatherElements", [data, ints([0])], []),
            ("GatherElements", [data, ints([3], [1, 1])], []),
            ("GatherND", [data, ints([0], [])], []),
            ("GatherND", [data, ints([0, 0, 0], [1, 3])], []),
            ("GatherND", [data, ints([3], [1, 1])], []),
            ("GatherND", [data, ints([0], [1, 1])], [.int("batch_dims", 1)]),
            ("GatherND", [data, ints([0], [1, 1])], [.int("batch_dims", -1)]),
            ("ScatterND", [data, ints([3], [1, 1]), floats([1, 2], [1, 2])], []),
            ("ScatterND", [data, ints([0], [1, 1]), floats([1])], []),
            ("ScatterND", [data, ints([0], [1, 1]), ints([1, 2], [1, 2])], []),
            ("ScatterND", [data, ints([0], [1, 1]), floats([1, 2], [1, 2])], [.string("reduction", "add")]),
            ("Pad", [data, ints([1, 1])], []),
            ("Pad", [data, ints([-2, 0, -2, 0])], []),
            ("Pad", [data, ints([0, 0, 0, 0])], [.string("mode", "wrap")]),
            ("Range", [ints([0], []), ints([5], []), ints([0], [])], []),
            ("Range", [ints([.min], []), ints([.max], []), ints([1], [])], []),
            ("Range", [floats([0], []), floats([1], []), floats([0], [])], []),
            ("ConstantOfShape", [ints([-1])], []),
            ("ConstantOfShape", [ints([2])], [.ints("value", [1])]),
            ("Where", [floats([1]), data, data], []),
            ("Where", [ints([1]), data, ints([1])], []),
            ("Add", [data, floats([1, 2, 3])], []),
            ("Add", [data, ints([1])], []),
            ("Equal", [data, ints([1])], []),
            ("And", [data, data], []),
            ("Not", [data], []),
            ("Floor", [ints([1])], []),
            ("Add", [data], []),
        ]
        for value in far {
            let end: Int = value == .min ? .max : value
            let some: [Bad] = [
                ("ConstantOfShape", [ints([value])], []),
                ("ConstantOfShape", [ints([0, value])], []),
                ("Expand", [data, ints([value, 1, 1])], []),
                ("Tile", [data, ints([value, 1])], []),
                ("Range", [ints([0], []), ints([end], []), ints([1], [])], []),
                ("Pad", [data, ints([value, 0, value, 0])], []),
                ("Gather", [data, ints([value])], []),
                ("Reshape", [data, ints([value, value])], []),
                ("GatherND", [data, ints([value], [1, 1])], []),
                ("GatherElements", [data, ints([value], [1, 1])], []),
                ("Squeeze", [data, ints([value])], []),
            ]
            let others: [Bad] = [
                ("Unsqueeze", [data, ints([value])], []),
                ("ReduceSum", [data, ints([value])], []),
                ("CumSum", [data, ints([value], [])], []),
                ("Flatten", [data], [.int("axis", value)]),
                ("Concat", [data], [.int("axis", value)]),
                ("Gather", [data, ints([0])], [.int("axis", value)]),
                ("Softmax", [data], [.int("axis", value)]),
                ("Split", [data], [.int("axis", value)]),
                ("Split", [data], [.ints("split", [value])]),
                ("Cast", [data], [.int("to", value)]),
                ("Slice", [data, ints([0]), ints([1]), ints([value])], []),
                ("GatherND", [data, ints([0], [1, 1])], [.int("batch_dims", value)]),
            ]
            cases += some + others
        }
        for (operation, inputs, attributes) in cases {
            let result = Result { () throws(NetworkError) in try folded(operation, inputs, attributes) }
            guard case .failure(let error) = result else {
                Issue.record("\(operation) of \(inputs.dropFirst()), \(attributes): \(result)")
                continue
            }
            #expect(error.file == "test.onnx" && error.field.contains("fold") && error.field.contains(operation), "\(error)")
        }
    }

    /// Two small constants whose broadcast is large; the limit is that of a constant that no input bounds.
    @Test func resultsAreBounded() throws {
        let column = ints([Int](repeating: 1, count: 2048), [2048, 1]), row = ints([Int](repeating: 1, count: 2048))
        for operation in ["Add", "Equal", "Min", "Pow"] {
            #expect(throws: NetworkError.self, "\(operation)") { try folded(operation, [column, row]) }
        }
        #expect(throws: NetworkError.self) { try folded("Where", [column, row, row]) }
        #expect(throws: NetworkError.self) { try folded("ConstantOfShape", [ints([1 << 20, 2])]) }
        let largest = try folded("ConstantOfShape", [ints([1 << 20])])
        #expect(largest.first?.values.count == 1 << 20)
        let large = floats([Float](repeating: 1, count: 1 << 21))
        #expect(try folded("Neg", [large]).first?.values.count == 1 << 21)
    }

    @Test func whatIsFoldedIsWhatIsNamed() throws {
        for operation in ["Slice", "CumSum", "NonZero", "ScatterND", "Split", "ReduceProd", "Where", "Not"] {
            #expect(ConstantFolding.operators.contains(operation))
        }
        #expect(try folded("Einsum", [ints([1])]).isEmpty)
    }
}
