extension ESegConfig {
    enum Limits {
        static let scaling = 10.0
        static let fpnChannels = 1...1024
        static let fpnRepeats = 1...16
        /// The backbone's first pyramid level.
        static let minLevel = 2...2
        /// P6 is always there; P9, 1/512 of the image, is the coarsest.
        static let maxLevel = 6...9
    }

    /// Throws naming `file` and the first field out of its range.
    public func validate(file: String) throws(NetworkError) {
        func require(_ holds: Bool, _ field: String, _ found: some CustomStringConvertible, _ expected: String) throws(NetworkError) {
            guard holds else { throw NetworkError(file: file, field: "config.\(field)", found: found.description, expected: expected) }
        }
        func require(_ value: Int, _ field: String, in range: ClosedRange<Int>) throws(NetworkError) {
            try require(range.contains(value), field, value, "an integer in \(range.lowerBound)...\(range.upperBound)")
        }
        typealias General = NetworkDescription.Limits
        try require(name.utf8.count <= General.nameLength, "name", "\(name.utf8.count) bytes", "at most \(General.nameLength)")
        for (field, scale) in [("width", width), ("depth", depth)] {
            try require(scale > 0 && scale <= Limits.scaling, field, scale, "a number above 0, at most \(Limits.scaling)")
        }
        try require(
            [.relu, .relu6, .silu, .hardSwish].contains(activation), "activation", quoted(activation.rawValue),
            "relu, relu6, silu or hard_swish")
        try require(!squeezeExcite || block == .mbconv, "squeeze_excite", "true with fused blocks", "false, or mbconv blocks")
        try require(fpnChannels, "fpn_channels", in: Limits.fpnChannels)
        try require(fpnRepeats, "fpn_repeats", in: Limits.fpnRepeats)
        try require(minLevel, "min_level", in: Limits.minLevel)
        try require(maxLevel, "max_level", in: Limits.maxLevel)
        try require(classes, "classes", in: General.classes)
        try require(mean.count == 3, "mean", "\(mean.count) values", "3")
        try require(std.count == 3, "std", "\(std.count) values", "3")
        for value in mean { try require(General.mean.contains(value), "mean", value, "a number in \(General.mean)") }
        for value in std { try require(General.std.contains(value), "std", value, "a number in \(General.std)") }
    }
}
