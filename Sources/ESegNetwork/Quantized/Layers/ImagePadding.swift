/// What lies outside the image: a code for each channel.
struct ImagePadding: QuantizedParameters {
    let codes: [UInt8]

    init(codes: [UInt8]) { self.codes = codes }

    var members: [JSONValue.Member] { [JSONValue.Member(key: "padding", value: .array(codes.map { .integer(Int($0)) }))] }

    init(_ reader: inout LayerReader) throws(NetworkError) {
        let channels = reader.node.channels
        codes = try reader.fields.integers("padding", count: channels...channels, in: Precision.codes).map { UInt8($0) }
    }

    func check(_ layer: LayerCheck) throws(NetworkError) {
        try layer.require(codes.count == layer.node.channels, "padding", "\(codes.count) values", "\(layer.node.channels)")
    }
}
