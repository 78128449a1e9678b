import ESegNetwork

// Maps whose channels were put last, as exporters do before what works on the last dimension
extension NetworkImport {
    /// The softmax of elements taken one by one where each sum is over the channels of one pixel, of which it takes all.
    mutating func shares(_ elements: ImportedElements, _ node: ImportedNode, _ output: String) throws(NetworkError) -> ImportedElements {
        let shape = try shape(of: elements.source, node), term = elements.terms[0],
            given = try node.int("axis", default: opset < 13 ? 1 : -1)
        let folding = ConstantFolding(node: node, inputs: []), axis = try folding.axis(given, rank: term.shape.count)
        let (outer, extent, rest) = folding.split(term.shape, at: axis)
        let (count, inner) = opset < 13 ? (extent * rest, 1) : (extent, rest)
        func refusal() -> NetworkError {
            node.error("axis", found: "\(given), along \(count) elements", expected: "the \(shape.channels) channels of each pixel")
        }
        guard elements.terms.count == 1, let places = term.ints, count == shape.channels else { throw refusal() }
        for run in 0..<outer * inner {
            let first = run / inner * count * inner + run % inner
            let taken = (0..<count).map { places[first + $0 * inner] - 1 }
            let pixels = Set(taken.map { $0 % shape.pixels })
            guard taken.allSatisfy({ $0 >= 0 }), pixels.count == 1, Set(taken).count == count else { throw refusal() }
        }
        // No tensor of a file has that name.
        let shared = output + "\u{0}shares"
        values[shared] = .softmax(elements.source, label: label(node))
        shapes[shared] = shape
        return ImportedElements(source: shared, terms: elements.terms)
    }

    /// The map itself where all of its elements are where they were, or else these elements.
    mutating func whole(_ elements: ImportedElements, _ node: ImportedNode, _ output: String) throws(NetworkError) -> ImportedValue {
        let shape = try shape(of: elements.source, node)
        guard elements.terms.count == 1, elements.terms[0].shape == [1, shape.channels, shape.height, shape.width],
            let places = elements.terms[0].ints, places.indices.allSatisfy({ places[$0] == $0 + 1 })
        else { return .elements(elements) }
        shapes[output] = shape
        if case .softmax? = values[elements.source], let value = values[elements.source] { return value }
        return .feature(try force(elements.source, node))
    }
}
