import Testing

@testable import ESegNetwork

@Suite struct NetworkMismatchTests {
    private let graph = Graph(nodes: [
        Node(name: "image", operation: .image(Image()), inputs: []),
        Node(name: "a", operation: .maxPool(MaxPool(channels: 3)), inputs: [0]),
        Node(name: "b", operation: .resize(Resize(channels: 3)), inputs: [1, 0]),
    ])
    private let description = NetworkDescription(name: "n", classNames: ["a", "b", "c"], mean: [0, 0, 0], std: [1, 1, 1])

    private func mismatch(
        _ graph: (inout Graph) -> Void = { _ in }, _ description: (inout NetworkDescription) -> Void = { _ in }
    ) -> NetworkMismatch? {
        var found = (self.graph, self.description)
        graph(&found.0)
        description(&found.1)
        return NetworkMismatch(found: found, expected: (self.graph, self.description))
    }

    private func expect(_ mismatch: NetworkMismatch?, _ field: String, _ found: String, _ expected: String) {
        #expect(mismatch?.field == field && mismatch?.found == found && mismatch?.expected == expected, "\(String(describing: mismatch))")
    }

    @Test func namesAreNone() {
        #expect(mismatch() == nil)
        let named = mismatch({ _ in }) { description in
            description.name = "m"
            description.classNames[1] = "x"
        }
        #expect(named == nil)
    }

    @Test func theFirstNodeThatDiffersIsNamed() {
        expect(mismatch { $0.nodes[1].name = "c" }, "node 1", "c, max_pool", "a, max_pool")
        expect(mismatch { $0.nodes[2].inputs = [0, 0] }, "node 2", "b, which reads nodes [0, 0]", "b, which reads nodes [1, 0]")
        expect(mismatch { _ = $0.nodes.removeLast() }, "nodes", "2", "3")
        let resized = mismatch { $0.nodes[2].operation = .resize(Resize(channels: 4)) }
        #expect(resized?.field == "node 2" && resized?.found.contains("4") == true && resized?.found != resized?.expected)
    }

    @Test func whatPixelsBecomeIsNamed() {
        expect(mismatch({ _ in }) { $0.mean[1] = 0.5 }, "mean", "[0.0, 0.5, 0.0]", "[0.0, 0.0, 0.0]")
        expect(mismatch({ _ in }) { $0.std[0] = 2 }, "std", "[2.0, 1.0, 1.0]", "[1.0, 1.0, 1.0]")
        expect(mismatch({ _ in }) { $0.channelOrder = .bgr }, "channel order", "bgr", "rgb")
    }
}
