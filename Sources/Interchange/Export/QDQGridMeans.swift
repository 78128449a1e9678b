import ESegNetwork

extension QDQExport {
    /// Means of a grid's cells over a map of any size: sums by matrices that tell which samples a cell covers, through counts.
    mutating func gridMeans(_ values: String, _ pool: AdaptiveAveragePool, _ name: String) -> String {
        let rows = cells(of: values, axis: 2, count: pool.rows, name + "/rows")
        let columns = cells(of: values, axis: 3, count: pool.columns, name + "/columns")
        let across = writer.node("Transpose", [columns], name + "/columns/transposed", [.ints("perm", [1, 0])])
        let sums = writer.node("MatMul", [writer.node("MatMul", [rows, values], name + "/rows/sums"), across], name + "/sums")
        let height = writer.node("ReduceSum", [rows, axis(1, name + "/rows/axis")], name + "/heights", [.int("keepdims", 1)])
        let width = writer.node("ReduceSum", [across, axis(0, name + "/columns/axis")], name + "/widths", [.int("keepdims", 1)])
        return writer.node("Div", [sums, writer.node("Mul", [height, width], name + "/counts")], name + "/means")
    }

    /// [cells, extent]: 1 where a sample lies in a cell, that is where (sample + 1) · cells > cell · extent and sample · cells < (cell + 1) · extent.
    private mutating func cells(of values: String, axis: Int, count: Int, _ name: String) -> String {
        let extents = writer.node("Shape", [values], name + "/extents", [.int("start", axis), .int("end", axis + 1)])
        let extent = writer.node("Squeeze", [extents], name + "/extent")
        let zero = writer.scalar(name + "/zero", Int64(0)), one = writer.scalar(name + "/one", Int64(1))
        let samples = writer.node("Range", [zero, extent, one], name + "/samples"), cells = writer.scalar(name + "/count", Int64(count))
        let begin = writer.node("Mul", [samples, cells], name + "/begin"), end = writer.node("Add", [begin, cells], name + "/end")
        let indices = (0...count).map { Int64($0) }
        let first = writer.constant(name + "/first", Array(indices.dropLast()), shape: [count, 1])
        let next = writer.constant(name + "/next", Array(indices.dropFirst()), shape: [count, 1])
        let isBehind = writer.node("Greater", [end, writer.node("Mul", [first, extent], name + "/least")], name + "/behind")
        let isBefore = writer.node("Less", [begin, writer.node("Mul", [next, extent], name + "/most")], name + "/before")
        let isInside = writer.node("And", [isBehind, isBefore], name + "/inside")
        return writer.node("Cast", [isInside], name, [.int("to", Int(ONNX.ElementType.float.rawValue))])
    }

    private mutating func axis(_ axis: Int64, _ name: String) -> String { writer.constant(name, [axis], shape: [1]) }
}
