extension ONNX.Model {
    /// The file's bytes.
    var bytes: [UInt8] {
        var writer = ProtobufWriter()
        writer.integer(1, irVersion)
        writer.string(2, producer)
        writer.message(7) { graph.write(to: &$0) }
        for (domain, version) in operatorSets.sorted(by: { $0.key < $1.key }) {
            writer.message(8) {
                $0.string(1, domain)
                $0.integer(2, version)
            }
        }
        for (key, value) in metadata.sorted(by: { $0.key < $1.key }) {
            writer.message(14) {
                $0.string(1, key)
                $0.string(2, value)
            }
        }
        return writer.bytes
    }
}

extension ONNX.Graph {
    func write(to writer: inout ProtobufWriter) {
        for node in nodes { writer.message(1) { node.write(to: &$0) } }
        writer.string(2, name)
        for tensor in initializers { writer.message(5) { tensor.write(to: &$0) } }
        for input in inputs { writer.message(11) { input.write(to: &$0) } }
        for output in outputs { writer.message(12) { output.write(to: &$0) } }
    }
}

extension ONNX.Node {
    func write(to writer: inout ProtobufWriter) {
        for input in inputs { writer.element(1, input) }
        for output in outputs { writer.element(2, output) }
        writer.string(3, name)
        writer.string(4, operation)
        for attribute in attributes { writer.message(5) { attribute.write(to: &$0) } }
        writer.string(7, domain)
    }
}

extension ONNX.Attribute {
    func write(to writer: inout ProtobufWriter) {
        writer.string(1, name)
        switch value {
        case .none: break
        case .float(let value):
            writer.float(2, value)
            writer.integer(20, 1)
        case .int(let value):
            writer.integer(3, value)
            writer.integer(20, 2)
        case .string(let value):
            writer.string(4, value)
            writer.integer(20, 3)
        case .tensor(let value):
            writer.message(5) { value.write(to: &$0) }
            writer.integer(20, 4)
        case .floats(let values):
            writer.packed(7, values)
            writer.integer(20, 6)
        case .ints(let values):
            writer.packed(8, values)
            writer.integer(20, 7)
        }
    }
}

extension ONNX.Tensor {
    func write(to writer: inout ProtobufWriter) {
        writer.packed(1, dims)
        writer.integer(2, type)
        writer.packed(4, floats)
        writer.packed(5, ints)
        writer.packed(7, longs)
        writer.string(8, name)
        if !raw.isEmpty { writer.data(9, raw) }
        for (key, value) in external.sorted(by: { $0.key < $1.key }) {
            writer.message(13) {
                $0.string(1, key)
                $0.string(2, value)
            }
        }
        if isExternal { writer.integer(14, 1) }
    }
}

extension ONNX.ValueInfo {
    func write(to writer: inout ProtobufWriter) {
        writer.string(1, name)
        writer.message(2) { type in
            type.message(1) { tensor in
                tensor.integer(1, self.type)
                guard let dims else { return }
                tensor.message(2) { shape in
                    for dim in dims {
                        shape.message(1) {
                            switch dim {
                            case .fixed(let extent): $0.integer(1, extent)
                            case .free(let name): $0.string(2, name)
                            }
                        }
                    }
                }
            }
        }
    }
}
