/// What slides over a map: sample i of the output reads the input's at i · stride − before + k · dilation along each axis.
public struct Window: Sendable, Hashable {
    public var rows: Axis
    public var columns: Axis

    public init(rows: Axis, columns: Axis) {
        self.rows = rows
        self.columns = columns
    }

    /// A square of pixels, half of it outside the map at the edges.
    public init(kernel: Int, stride: Int) {
        let axis = Axis(kernel: kernel, stride: stride)
        self.init(rows: axis, columns: axis)
    }

    /// A window along one axis.
    public struct Axis: Sendable, Hashable {
        public var kernel: Int
        public var stride: Int
        /// From one sample of the kernel to the next.
        public var dilation: Int
        /// Samples of padding at the map's two ends.
        public var before: Int
        public var after: Int

        public init(kernel: Int, stride: Int = 1, dilation: Int = 1, before: Int, after: Int) {
            self.kernel = kernel
            self.stride = stride
            self.dilation = dilation
            self.before = before
            self.after = after
        }

        /// Padded by half of the kernel at both ends.
        public init(kernel: Int, stride: Int) {
            self.init(kernel: kernel, stride: stride, before: kernel / 2, after: kernel / 2)
        }

        /// Samples from the kernel's first to its last.
        public var reach: Int { (kernel - 1) * dilation + 1 }

        /// How many steps it takes over that many samples; less than 1 where it does not fit.
        package func steps(over extent: Int) -> Int {
            let room = extent + before + after - reach
            return room < 0 ? 0 : room / stride + 1
        }
    }

    /// Its pixels.
    public var taps: Int { rows.kernel * columns.kernel }
    /// Whether it is one pixel, each in its turn.
    package var isPointwise: Bool { self == Window(kernel: 1, stride: 1) }
    /// The kernel and stride of a square that is padded by half; nil for other windows.
    package var square: (kernel: Int, stride: Int)? {
        self == Window(kernel: rows.kernel, stride: rows.stride) ? (rows.kernel, rows.stride) : nil
    }
}

extension Window {
    /// How many steps it takes over a map of that size.
    func size(over input: Shape) -> MapSize {
        MapSize(height: rows.steps(over: input.height), width: columns.steps(over: input.width))
    }

    /// For example "3x3 /2", "3x1", "3x3 dilated 4".
    var summary: String {
        func pair(_ a: Int, _ b: Int) -> String { a == b ? "\(a)" : "\(a)x\(b)" }
        let strides = rows.stride > 1 || columns.stride > 1 ? " /" + pair(rows.stride, columns.stride) : ""
        let isDilated = rows.dilation > 1 || columns.dilation > 1
        return "\(rows.kernel)x\(columns.kernel)" + strides + (isDilated ? " dilated " + pair(rows.dilation, columns.dilation) : "")
    }
}

// In files, and what may be
extension Window {
    /// `kernel` and `stride` of a square that is padded by half, else `rows` and `columns`, each kernel, stride, dilation and padding.
    var attributes: [(String, JSONValue)] {
        if let square { return [("kernel", .integer(square.kernel)), ("stride", .integer(square.stride))] }
        return [("rows", rows.json), ("columns", columns.json)]
    }

    init(_ fields: inout JSONFields) throws(NetworkError) {
        if fields.has("rows") {
            self.init(rows: try Axis("rows", &fields), columns: try Axis("columns", &fields))
        } else {
            let kernel = try fields.integer("kernel", in: Axis.Limits.kernels)
            self.init(kernel: kernel, stride: try fields.integer("stride", in: Axis.Limits.strides))
        }
    }

    /// Throws unless both axes are in range, and no pixel lies in padding alone whatever the map.
    ///
    /// - Parameter kernels: along one axis.
    func check(_ operation: some GraphOperator, kernels: ClosedRange<Int>) throws(OperatorFault) {
        for (name, axis) in [("rows", rows), ("columns", columns)] {
            typealias Limits = Axis.Limits
            try operation.require(kernels.contains(axis.kernel), "kernel \(name)", "\(axis.kernel)", "\(kernels)")
            try operation.require(Limits.strides.contains(axis.stride), "stride of \(name)", "\(axis.stride)", "\(Limits.strides)")
            try operation.require(
                Limits.dilations.contains(axis.dilation), "dilation of \(name)", "\(axis.dilation)", "\(Limits.dilations)")
            for padding in [axis.before, axis.after] {
                try operation.require((0..<axis.reach).contains(padding), "padding of \(name)", "\(padding)", "less than the kernel covers")
            }
        }
    }

    /// The size of the output. Throws where the window is greater than the map, or the padding makes a map that is too large.
    func outputSize(over input: Shape, _ operation: some GraphOperator) throws(OperatorFault) -> MapSize {
        let size = size(over: input)
        try operation.require(
            size.height > 0 && size.width > 0, "window", "\(summary) over a map of \(input.size)", "one that fits into the padded map")
        let extents = ResizeTarget.extents
        try operation.require(
            extents.contains(size.height) && extents.contains(size.width), "window", "a map of \(size)", "\(extents) a side")
        return size
    }
}

extension Window.Axis {
    package enum Limits {
        package static let kernels = 1...1024
        package static let strides = 1...64
        package static let dilations = 1...64
        package static let padding = 0...65536
    }

    fileprivate var json: JSONValue { .array([kernel, stride, dilation, before, after].map(JSONValue.integer)) }

    fileprivate init(_ key: String, _ fields: inout JSONFields) throws(NetworkError) {
        let values = try fields.integers(key, count: 5...5, in: 0...Limits.padding.upperBound)
        self.init(kernel: values[0], stride: values[1], dilation: values[2], before: values[3], after: values[4])
    }
}
