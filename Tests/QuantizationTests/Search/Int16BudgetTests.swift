import ESegNetwork
import TestSupport
import Testing

@testable import Quantization

@Suite("The budget for int16 outputs")
struct Int16BudgetTests {
    /// A stem, a heavy pair of convolutions at its size, and light ones at an eighth of it.
    private let graph: Graph = {
        var maker = GraphMaker()
        let stem = maker.convolution(0, 8, kernel: 3, stride: 2, .relu)
        let heavy = maker.convolution(maker.convolution(stem, 32, kernel: 5, .relu), 8, kernel: 5, .relu)
        let small = maker.convolution(heavy, 8, kernel: 3, stride: 8, .relu)
        maker.convolution(maker.convolution(small, 8, .relu), 5)
        return maker.graph
    }()

    private func affordable(_ nodes: [Int]) throws -> [Int] {
        let names = graph.nodes.map(\.name), budget = try Int16Budget(graph, height: 64, width: 64)
        return budget.affordable(nodes.map { names[$0] }).compactMap { names.firstIndex(of: $0) }
    }

    @Test("takes outputs in the order of their need, and passes over those that cost too much")
    func order() throws {
        #expect(try affordable([5, 4]) == [5, 4])
        #expect(try affordable([2, 4, 5]) == [4, 5])
        #expect(try affordable([1, 2, 3]) == [])
        #expect(try affordable([]) == [])
    }
}
