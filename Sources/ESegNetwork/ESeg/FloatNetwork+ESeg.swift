extension FloatNetwork {
    /// Reads a weight file (safetensors; design's tensor names) and folds batch normalization into the convolutions.
    ///
    /// Throws naming the file and the tensor or field: a missing, unexpected or misshapen tensor, a value that is not finite, a bad config.
    public init(contentsOf path: String) throws(NetworkError) {
        let file = try Safetensors(contentsOf: path)
        guard file.metadata["format"] != "eseg" else {
            throw NetworkError(file: path, field: "__metadata__.format", found: "eseg, a quantized network", expected: "float weights")
        }
        let config = try file.config()
        try NetworkDescription.checkMean(config.mean, file: path)
        let architecture = try Architecture(config: config, file: path)
        try architecture.checkTensors(of: file)
        self.init(
            graph: architecture.graph, description: config.description(classNames: try file.classNames(count: config.classes)),
            familyConfig: config.json, parameters: try WeightFolding(file: file).parameters(of: architecture))
    }
}

extension Architecture {
    /// Throws unless the file holds exactly this network's tensors, in shape; batch normalization's counters may be there too.
    func checkTensors(of file: Safetensors) throws(NetworkError) {
        var expected: Set<String> = []
        for tensor in tensors {
            let shape = try file.entry(tensor.name).shape
            guard shape == tensor.shape else { throw file.error(tensor.name, "shape", found: "\(shape)", expected: "\(tensor.shape)") }
            expected.insert(tensor.name)
            if tensor.name.hasSuffix(".running_var") {
                expected.insert(String(tensor.name.dropLast("running_var".count)) + "num_batches_tracked")
            }
        }
        guard let name = file.tensors.keys.filter({ !expected.contains($0) }).min() else { return }
        throw NetworkError(
            file: file.path, field: "tensor \(name)", found: "a tensor that \(quoted(config.name)) has no use for",
            expected: "only the network's \(tensors.count) tensors")
    }
}
