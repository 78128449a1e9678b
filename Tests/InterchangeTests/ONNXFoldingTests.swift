import ESegNetwork
import Testing

@testable import Interchange

/// Expected values are what ONNX Runtime computes.
@Suite struct ONNXFoldingTests {
    @Test func integersAreCountedAsONNXDoes() throws {
        try expect("Add", [ints([1, 2, 3]), ints([10], [])], gives: [ints([11, 12, 13])])
        try expect("Sub", [ints([5, -1, 4, 2, 0, 7], [2, 3]), ints([1, 0, 2])], gives: [ints([4, -1, 2, 1, 0, 5], [2, 3])])
        try expect("Mul", [ints([1, 2, 3], [3, 1]), ints([4, 5])], gives: [ints([4, 5, 8, 10, 12, 15], [3, 2])])
        try expect("Div", [ints([7, -7, 7, -7]), ints([2, 2, -2, -2])], gives: [ints([3, -3, -3, 3])])
        try expect("Mod", [ints([7, -7, 7, -7, 6]), ints([3, 3, -3, -3, -3])], gives: [ints([1, 2, -2, -1, 0])])
        try expect("Mod", [ints([7, -7, 7, -7]), ints([3, 3, -3, -3])], [.int("fmod", 1)], gives: [ints([1, -1, 1, -1])])
        try expect("Pow", [ints([2, -3, 0, 5, -1]), ints([10, 3, 2, 0, 5])], gives: [ints([1024, -27, 0, 1, -1])])
        try expect("Pow", [ints([2, 9]), floats([0.5, 1.5])], gives: [ints([1, 27])])
        try expect("Min", [ints([3, -4]), ints([1, 1]), ints([2, -9])], gives: [ints([1, -9])])
        try expect("Max", [ints([3, -4], [2, 1]), ints([0, 9])], gives: [ints([3, 9, 0, 9], [2, 2])])
        try expect("Neg", [ints([3, -4, 0])], gives: [ints([-3, 4, 0])])
        try expect("Abs", [ints([3, -4, -9223372036854775807])], gives: [ints([3, 4, .max])])
        try expect("Sign", [ints([-5, 0, 9])], gives: [ints([-1, 0, 1])])
        try expect("Relu", [ints([-5, 9])], gives: [ints([0, 9])])
        try expect("Clip", [ints([-5, 3, 9]), ints([0], []), ints([4], [])], gives: [ints([0, 3, 4])])
        try expect("Clip", [ints([-5, 3, 9]), nil, ints([4], [])], gives: [ints([-5, 3, 4])])
    }

    @Test func floatsAreRoundedAsONNXDoes() throws {
        try expect("Div", [floats([1, -1, 0, 3]), floats([0, 0, 0, 2])], gives: [floats([.infinity, -.infinity, .nan, 1.5])])
        try expect("Mod", [floats([7.5, -7.5]), floats([2, 2])], [.int("fmod", 1)], gives: [floats([1.5, -1.5])])
        try expect("Pow", [floats([2, 0.25, -8]), floats([-1, 0.5, 3])], gives: [floats([0.5, 0.5, -512])])
        try expect("Pow", [floats([1.5, 4]), ints([2, -1])], gives: [floats([2.25, 0.25])])
        try expect("Min", [floats([1, .nan, -.infinity]), floats([2, 3, 4])], gives: [floats([1, .nan, -.infinity])])
        try expect("Max", [floats([1, 2, .nan]), floats([1.5], [])], gives: [floats([1.5, 2, .nan])])
        try expect("Round", [floats([0.5, 1.5, 2.5, -0.5, -1.5, 2.4])], gives: [floats([0, 2, 2, -0, -2, 2])])
        try expect("Floor", [floats([1.5, -1.5])], gives: [floats([1, -2])])
        try expect("Ceil", [floats([1.5, -1.5])], gives: [floats([2, -1])])
        try expect("Sqrt", [floats([4, 2])], gives: [floats([2, 1.4142135])])
        try expect("Reciprocal", [floats([4, 0])], gives: [floats([0.25, .infinity])])
        try expect("Exp", [floats([0, 1])], gives: [floats([1, 2.7182817])])
        try expect("Neg", [floats([1, -2])], gives: [floats([-1, 2])])
        try expect("Abs", [floats([1, -2])], gives: [floats([1, 2])])
        try expect("Sign", [floats([-0.5, 0, .infinity])], gives: [floats([-1, 0, 1])])
        try expect("Relu", [floats([-1, 2])], gives: [floats([0, 2])])
        try expect("Clip", [floats([-1, 3, 9])], [.float("min", 0.0), .float("max", 6.0)], gives: [floats([0, 3, 6])])
        try expect("Clip", [floats([-1, 3, 9]), floats([5], []), floats([2], [])], gives: [floats([2, 2, 2])])
        try expect("Clip", [floats([-1, 3, 9]), floats([0], [])], gives: [floats([0, 3, 9])])
    }

    @Test func comparisonsGiveTruthValues() throws {
        try expect("Equal", [ints([1, 2, 3]), ints([2], [])], gives: [ints([0, 1, 0])])
        try expect("Equal", [floats([1, .nan]), floats([1, .nan])], gives: [ints([1, 0])])
        try expect("Equal", [ints([1, 0]), ints([1, 0], [2, 1])], gives: [ints([1, 0, 0, 1], [2, 2])])
        try expect("Greater", [ints([1, 2, 3]), ints([2, 2, 2])], gives: [ints([0, 0, 1])])
        try expect("Less", [floats([1, 2, 3]), floats([2], [])], gives: [ints([1, 0, 0])])
        try expect("GreaterOrEqual", [ints([1, 2, 3]), ints([2], [])], gives: [ints([0, 1, 1])])
        try expect("LessOrEqual", [ints([1, 9223372036854775806, .max]), ints([9223372036854775806], [])], gives: [ints([1, 1, 0])])
        try expect("And", [ints([1, 1, 0]), ints([1, 0, 0])], gives: [ints([1, 0, 0])])
        try expect("Or", [ints([1, 1, 0]), ints([1, 0, 0])], gives: [ints([1, 1, 0])])
        try expect("Xor", [ints([1, 1, 0]), ints([1, 0, 0])], gives: [ints([0, 1, 0])])
        try expect("Not", [ints([1, 0])], gives: [ints([0, 1])])
        try expect("Where", [ints([1, 0, 1]), ints([1, 2, 3]), ints([7, 8], [2, 1])], gives: [ints([1, 7, 3, 1, 8, 3], [2, 3])])
        try expect("Where", [ints([1, 0], [2, 1]), floats([1, 2]), floats([0], [])], gives: [floats([1, 2, 0, 0], [2, 2])])
        try expect("NonZero", [ints([0, 3, 0, 4, 5, 0], [2, 3])], gives: [ints([0, 1, 1, 1, 0, 1], [2, 3])])
        try expect("NonZero", [floats([0, 0.5])], gives: [ints([1], [1, 1])])
    }

    @Test func typesAreCast() throws {
        try expect("Cast", [floats([1.9, -1.9, 0])], [.int("to", 7)], gives: [ints([1, -1, 0])])
        try expect("Cast", [floats([0, 0.25, -3])], [.int("to", 9)], gives: [ints([0, 1, 1])])
        try expect("Cast", [ints([1, -2])], [.int("to", 1)], gives: [floats([1, -2])])
        try expect("Cast", [ints([300, -1])], [.int("to", 2)], gives: [ints([44, 255])])
        try expect("Cast", [ints([.max, 2147483648])], [.int("to", 6)], gives: [ints([-1, -2147483648])])
        try expect("Cast", [ints([70000, -40000])], [.int("to", 5)], gives: [ints([4464, 25536])])
        try expect("Cast", [ints([200])], [.int("to", 3)], gives: [ints([-56])])
        try expect("Cast", [ints([70000])], [.int("to", 4)], gives: [ints([4464])])
        try expect("Cast", [ints([0, 7])], [.int("to", 9)], gives: [ints([0, 1])])
        try expect("Cast", [floats([1.5])], [.int("to", 11)], gives: [floats([1.5])])
        try expect("Cast", [ints([1, 0])], [.int("to", 7)], gives: [ints([1, 0])])
        try expect(
            "Cast", [floats([0.1, 65519, 65520, -1000000000.0, 5.99999978589949e-08, 9.99999993922529e-09, 2.0004883])], [.int("to", 10)],
            gives: [floats([0.099975586, 65504, .infinity, -.infinity, 5.960464477539063e-08, 0, 2])])
        try expect("Cast", [floats([1.5, -2])], [.int("to", 1)], gives: [floats([1.5, -2])])
        try expect("Cast", [floats([3.7])], [.int("to", 6)], gives: [ints([3])])
    }

    @Test func numbersAreSummed() throws {
        try expect("ReduceSum", [grid], gives: [floats([15], [1, 1])])
        try expect("ReduceSum", [grid, ints([-1])], [.int("keepdims", 0)], gives: [floats([1, 5, 9])])
        try expect("ReduceSum", [ints([5, -1, 4, 2, 0, 7], [2, 3]), ints([0])], gives: [ints([7, -1, 11], [1, 3])])
        try expect("ReduceSum", [grid], [.ints("axes", [0])], gives: [floats([6, 9], [1, 2])])
        try expect("ReduceSum", [grid], [.int("noop_with_empty_axes", 1)], gives: [grid])
        try expect("ReduceSum", [floats([], [0, 2]), ints([0])], gives: [floats([0, 0], [1, 2])])
        try expect("ReduceMean", [grid, ints([1])], gives: [floats([0.5, 2.5, 4.5], [3, 1])])
        try expect("ReduceMean", [grid], [.ints("axes", [0, 1]), .int("keepdims", 0)], gives: [floats([2.5], [])])
        try expect("ReduceMean", [ints([5, -2, -6])], gives: [ints([-1])])
        try expect("ReduceProd", [ints([2, 3, 4])], [.int("keepdims", 0)], gives: [ints([24], [])])
        try expect("ReduceProd", [grid, ints([0])], gives: [floats([0, 15], [1, 2])])
        try expect("ReduceMax", [ints([5, -1, 4, 2, 0, 7], [2, 3])], [.ints("axes", [1])], gives: [ints([5, 7], [2, 1])])
        try expect("ReduceMin", [ints([5, -1, 4, 2, 0, 7], [2, 3]), ints([1])], [.int("keepdims", 0)], gives: [ints([-1, 0])])
        try expect("ReduceMax", [floats([1, 5, -2])], gives: [floats([5])])
        try expect("ReduceL2", [floats([3, 4, 6, 8], [2, 2]), ints([1])], gives: [floats([5, 10], [2, 1])])
        try expect("ReduceSumSquare", [grid], [.ints("axes", [0])], gives: [floats([20, 35], [1, 2])])
        try expect("CumSum", [ints([1, 2, 3]), ints([0], [])], gives: [ints([1, 3, 6])])
        try expect(
            "CumSum", [ints([5, -1, 4, 2, 0, 7], [2, 3]), ints([-1], [])], [.int("exclusive", 1), .int("reverse", 1)],
            gives: [ints([3, 4, 0, 7, 7, 0], [2, 3])])
        try expect("CumSum", [grid, ints([0], [])], [.int("reverse", 1)], gives: [floats([6, 9, 6, 8, 4, 5], [3, 2])])
        try expect("CumSum", [grid, ints([0], [])], [.int("exclusive", 1)], gives: [floats([0, 0, 0, 1, 2, 4], [3, 2])])
        try expect("Softmax", [floats([0, 0, 0, 0], [1, 2, 2])], opset: 11, gives: [floats([0.25, 0.25, 0.25, 0.25], [1, 2, 2])])
        try expect("Softmax", [floats([0, 0, 0, 0], [1, 2, 2])], gives: [floats([0.5, 0.5, 0.5, 0.5], [1, 2, 2])])
        try expect(
            "Softmax", [floats([0, 0, 0, 0], [2, 1, 2])], [.int("axis", 0)], opset: 12,
            gives: [floats([0.25, 0.25, 0.25, 0.25], [2, 1, 2])])
        try expect("Softmax", [floats([0, 0, 0, 0], [2, 1, 2])], [.int("axis", 0)], gives: [floats([0.5, 0.5, 0.5, 0.5], [2, 1, 2])])
    }

    @Test func integersThatDoNotFitAreErrors() {
        for (operation, a, b) in [
            ("Add", Int.max, 1), ("Sub", Int.min, 1), ("Mul", Int.max, 2), ("Div", Int.min, -1), ("Div", 1, 0), ("Mod", 1, 0),
            ("Pow", 10, 19),
            ("Pow", 2, Int.max), ("Pow", 0, -1),
        ] {
            #expect(throws: NetworkError.self, "\(operation)") { try folded(operation, [ints([a]), ints([b])]) }
        }
        for operation in ["Neg", "Abs"] {
            #expect(throws: NetworkError.self, "\(operation)") { try folded(operation, [ints([.min])]) }
        }
        for operation in ["ReduceSum", "ReduceMean", "ReduceProd", "ReduceSumSquare", "ReduceL2"] {
            #expect(throws: NetworkError.self, "\(operation)") { try folded(operation, [ints([.max, .max])]) }
        }
        #expect(throws: NetworkError.self) { try folded("CumSum", [ints([.max, 1]), ints([0], [])]) }
        for value in [Float.nan, .infinity, 1e30] {
            #expect(throws: NetworkError.self) { try folded("Cast", [floats([value])], [.int("to", 7)]) }
        }
        #expect(throws: NetworkError.self) { try folded("Cast", [floats([1])], [.int("to", 8)]) }
    }
}
