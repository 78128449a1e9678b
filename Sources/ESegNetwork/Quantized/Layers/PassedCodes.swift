/// Parameters of an operator that passes its input's codes on: none.
struct PassedCodes: QuantizedParameters {
    init() {}
    init(_ reader: inout LayerReader) throws(NetworkError) {}
}
