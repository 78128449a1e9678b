extension ESegConfig {
    /// Reads a config from its JSON, every field present and in range, none unknown. Throws naming `file` and the field.
    public init(json: JSONValue, file: String) throws(NetworkError) {
        var fields = try JSONFields(json, file: file, path: "config")
        name = try fields.string("name")
        width = try fields.double("width")
        depth = try fields.double("depth")
        block = try fields.choice("block")
        activation = try fields.choice("activation")
        squeezeExcite = try fields.bool("squeeze_excite")
        liteScaling = try fields.bool("lite_scaling")
        forceKernel3 = try fields.bool("force_kernel3")
        fpnChannels = try fields.integer("fpn_channels", in: Limits.fpnChannels)
        fpnRepeats = try fields.integer("fpn_repeats", in: Limits.fpnRepeats)
        minLevel = try fields.integer("min_level", in: Limits.minLevel)
        maxLevel = try fields.integer("max_level", in: Limits.maxLevel)
        classes = try fields.integer("classes", in: NetworkDescription.Limits.classes)
        mean = try fields.floats("mean", count: 3)
        std = try fields.floats("std", count: 3)
        try fields.end()
        try validate(file: file)
    }

    /// The JSON that `init(json:file:)` reads back exactly.
    public var json: JSONValue {
        [
            "name": .string(name), "width": .number(width), "depth": .number(depth), "block": .string(block.rawValue),
            "activation": .string(activation.rawValue), "squeeze_excite": .bool(squeezeExcite), "lite_scaling": .bool(liteScaling),
            "force_kernel3": .bool(forceKernel3), "fpn_channels": .integer(fpnChannels), "fpn_repeats": .integer(fpnRepeats),
            "min_level": .integer(minLevel), "max_level": .integer(maxLevel), "classes": .integer(classes),
            "mean": .array(mean.map { JSONValue($0) }), "std": .array(std.map { JSONValue($0) }),
        ]
    }
}
