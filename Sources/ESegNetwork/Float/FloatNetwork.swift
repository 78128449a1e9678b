/// A float network ready to run: the folded graph and its parameters.
///
/// A node N of a convolution has the parameters `N.weight` and `N.bias`; each operator's file says which it has, and their shapes (row-major).
public struct FloatNetwork: Sendable {
    public var graph: Graph
    public var description: NetworkDescription
    /// The config that the graph was built from, as only the builder's family reads it; nil where none was.
    public var familyConfig: JSONValue?
    public var parameters: [String: FloatTensor]

    public init(
        graph: Graph, description: NetworkDescription, familyConfig: JSONValue? = nil, parameters: [String: FloatTensor]
    ) {
        self.graph = graph
        self.description = description
        self.familyConfig = familyConfig
        self.parameters = parameters
    }

    /// One name for each class index.
    public var classNames: [String] { description.classNames }
}

/// Dense row-major float32 values; `values.count` is the product of `shape`.
public struct FloatTensor: Sendable, Equatable {
    public var shape: [Int]
    public var values: [Float]

    public init(shape: [Int], values: [Float]) {
        self.shape = shape
        self.values = values
    }
}
