import ESegNetwork
import Testing

@testable import Interchange

/// Expected values are what ONNX Runtime computes.
@Suite struct ONNXShapeFoldingTests {
    @Test func shapesAreChanged() throws {
        try expect("Reshape", [grid, ints([0, -1])], gives: [grid])
        try expect("Reshape", [grid, ints([-1])], gives: [floats([0, 1, 2, 3, 4, 5])])
        try expect("Reshape", [grid, ints([1, 2, -1])], gives: [floats([0, 1, 2, 3, 4, 5], [1, 2, 3])])
        try expect("Reshape", [floats([], [0, 4]), ints([0, 2, 2])], [.int("allowzero", 1)], gives: [floats([], [0, 2, 2])])
        try expect("Reshape", [floats([], [0, 4]), ints([0, 2, 2])], gives: [floats([], [0, 2, 2])])
        try expect("Flatten", [floats([0, 1, 2, 3, 4, 5], [1, 2, 3])], [.int("axis", 2)], gives: [floats([0, 1, 2, 3, 4, 5], [2, 3])])
        try expect("Flatten", [grid], [.int("axis", 0)], gives: [floats([0, 1, 2, 3, 4, 5], [1, 6])])
        try expect("Flatten", [grid], [.int("axis", -1)], gives: [grid])
        try expect("Flatten", [floats([0, 1, 2, 3], [2, 1, 2])], gives: [floats([0, 1, 2, 3], [2, 2])])
        try expect("Squeeze", [floats([1, 2], [1, 2, 1])], gives: [floats([1, 2])])
        try expect("Squeeze", [floats([1, 2], [1, 2, 1]), ints([-1])], gives: [floats([1, 2], [1, 2])])
        try expect("Squeeze", [floats([1, 2], [1, 2, 1])], [.ints("axes", [0])], gives: [floats([1, 2], [2, 1])])
        try expect("Unsqueeze", [ints([7], []), ints([0])], gives: [ints([7])])
        try expect("Unsqueeze", [ints([7, 8]), ints([-1, 0])], gives: [ints([7, 8], [1, 2, 1])])
        try expect("Unsqueeze", [ints([7, 8])], [.ints("axes", [0, 2])], gives: [ints([7, 8], [1, 2, 1])])
        try expect("Transpose", [grid], gives: [floats([0, 2, 4, 1, 3, 5], [2, 3])])
        try expect(
            "Transpose", [floats([0, 1, 2, 3, 4, 5], [1, 2, 3])], [.ints("perm", [2, 0, 1])],
            gives: [floats([0, 3, 1, 4, 2, 5], [3, 1, 2])])
        try expect("Expand", [ints([1, 2], [2, 1]), ints([2, 3])], gives: [ints([1, 1, 1, 2, 2, 2], [2, 3])])
        try expect("Expand", [ints([1, 2], [2, 1]), ints([3, 1, 1])], gives: [ints([1, 2, 1, 2, 1, 2], [3, 2, 1])])
        try expect("Expand", [ints([5], []), ints([2])], gives: [ints([5, 5])])
        try expect("Tile", [ints([1, 2], [2, 1]), ints([2, 2])], gives: [ints([1, 1, 2, 2, 1, 1, 2, 2], [4, 2])])
        try expect("Tile", [ints([1, 2]), ints([0])], gives: [ints([])])
        try expect("Concat", [ints([1]), ints([2, 3])], [.int("axis", 0)], gives: [ints([1, 2, 3])])
        try expect(
            "Concat", [grid, floats([9, 8, 7], [3, 1])], [.int("axis", -1)], gives: [floats([0, 1, 9, 2, 3, 8, 4, 5, 7], [3, 3])])
        try expect("Concat", [grid, grid], [.int("axis", 0)], gives: [floats([0, 1, 2, 3, 4, 5, 0, 1, 2, 3, 4, 5], [6, 2])])
        try expect("Size", [grid], gives: [ints([6], [])])
        try expect("Identity", [ints([4])], gives: [ints([4])])
    }

    @Test func elementsAreChosen() throws {
        try expect("Gather", [ints([10, 20, 30]), ints([-1], [])], gives: [ints([30], [])])
        try expect("Gather", [grid, ints([0, 2, 1, 1], [2, 2])], gives: [floats([0, 1, 4, 5, 2, 3, 2, 3], [2, 2, 2])])
        try expect("Gather", [grid, ints([1])], [.int("axis", -1)], gives: [floats([1, 3, 5], [3, 1])])
        try expect("GatherElements", [grid, ints([1, 0], [2, 1])], [.int("axis", 1)], gives: [floats([1, 2], [2, 1])])
        try expect(
            "GatherElements", [ints([5, -1, 4, 2, 0, 7], [2, 3]), ints([0, 1, -1, 0, 0, 0], [2, 3])], [.int("axis", 0)],
            gives: [ints([5, 0, 7, 5, -1, 4], [2, 3])])
        try expect("GatherND", [grid, ints([0, 1, 2, 0], [2, 2])], gives: [floats([1, 4])])
        try expect("GatherND", [grid, ints([-1], [1, 1])], gives: [floats([4, 5], [1, 2])])
        try expect(
            "GatherND", [floats([0, 1, 2, 3, 4, 5, 6, 7], [2, 2, 2]), ints([1, 0], [2, 1])], [.int("batch_dims", 1)],
            gives: [floats([2, 3, 4, 5], [2, 2])])
        try expect("ScatterND", [ints([1, 2, 3, 4]), ints([3, 0], [2, 1]), ints([9, 8])], gives: [ints([8, 2, 3, 9])])
        try expect(
            "ScatterND", [grid, ints([1, 1], [2, 1]), floats([7, 7, 9, 8], [2, 2])], gives: [floats([0, 1, 9, 8, 4, 5], [3, 2])])
        try expect("ScatterND", [grid, ints([0, -1], [1, 2]), floats([9])], gives: [floats([0, 9, 2, 3, 4, 5], [3, 2])])
        try expect("Slice", [grid, ints([1]), ints([.max])], gives: [floats([2, 3, 4, 5], [2, 2])])
        try expect(
            "Slice", [grid, ints([-1]), ints([-9223372036854775807]), ints([0]), ints([-1])],
            gives: [floats([4, 5, 2, 3, 0, 1], [3, 2])])
        try expect("Slice", [grid, ints([0]), ints([1]), ints([1])], gives: [floats([0, 2, 4], [3, 1])])
        try expect(
            "Slice", [grid], [.ints("starts", [1]), .ints("ends", [3]), .ints("axes", [0])], gives: [floats([2, 3, 4, 5], [2, 2])])
        try expect("Slice", [grid], [.ints("starts", [0, 1]), .ints("ends", [-1, 9])], gives: [floats([1, 3], [2, 1])])
        try expect("Slice", [grid, ints([0]), ints([3]), nil, ints([2])], gives: [floats([0, 1, 4, 5], [2, 2])])
        try expect("Split", [grid, ints([1, 2])], gives: [floats([0, 1], [1, 2]), floats([2, 3, 4, 5], [2, 2])])
        try expect(
            "Split", [grid], [.int("axis", 0), .ints("split", [2, 1])],
            gives: [floats([0, 1, 2, 3], [2, 2]), floats([4, 5], [1, 2])])
        try expect("Split", [grid], [.int("axis", -1)], gives: [floats([0, 2, 4], [3, 1]), floats([1, 3, 5], [3, 1])])
        try expect("Split", [ints([1, 2, 3, 4, 5])], [.int("num_outputs", 2)], gives: [ints([1, 2, 3]), ints([4, 5])])
        try expect("Pad", [grid, ints([0, 1, 0, -1])], gives: [floats([0, 0, 0, 2, 0, 4], [3, 2])])
        try expect("Pad", [ints([1, 2]), ints([1, 2]), ints([7], [])], gives: [ints([7, 1, 2, 7, 7])])
        try expect("Pad", [ints([1, 2, 3]), ints([2, 1])], [.string("mode", "edge")], gives: [ints([1, 1, 1, 2, 3, 3])])
        try expect("Pad", [ints([1, 2, 3]), ints([2, 1])], [.string("mode", "reflect")], gives: [ints([3, 2, 1, 2, 3, 2])])
        try expect(
            "Pad", [grid], [.ints("pads", [0, 1, 0, 0]), .float("value", 2.5)],
            gives: [floats([2.5, 0, 1, 2.5, 2, 3, 2.5, 4, 5], [3, 3])])
        try expect("Pad", [grid, ints([1, 0]), floats([9], []), ints([-1])], gives: [floats([9, 0, 1, 9, 2, 3, 9, 4, 5], [3, 3])])
    }

    @Test func rangesAndFillsAreMade() throws {
        try expect("Range", [ints([0], []), ints([5], []), ints([2], [])], gives: [ints([0, 2, 4])])
        try expect("Range", [ints([5], []), ints([0], []), ints([-2], [])], gives: [ints([5, 3, 1])])
        try expect("Range", [ints([5], []), ints([0], []), ints([2], [])], gives: [ints([])])
        try expect("Range", [floats([0], []), floats([1], []), floats([0.25], [])], gives: [floats([0, 0.25, 0.5, 0.75])])
        try expect("Range", [floats([1], []), floats([0], []), floats([-0.375], [])], gives: [floats([1, 0.625, 0.25])])
        try expect("Range", [ints([2], []), ints([8], []), ints([3], [])], gives: [ints([2, 5])])
        try expect("ConstantOfShape", [ints([2, 1])], gives: [floats([0, 0], [2, 1])])
        try expect("ConstantOfShape", [ints([])], gives: [floats([0], [])])
        try expect("ConstantOfShape", [ints([0, 3])], gives: [floats([], [0, 3])])
    }
}
