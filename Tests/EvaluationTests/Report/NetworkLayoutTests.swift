import Testing

@testable import Evaluation

struct NetworkLayoutTests {
    @Test func resolutionsAreRowsAndNodesFollowEachOtherInThem() throws {
        let layout = NetworkLayout([reportedLayer(1, width: 40), reportedLayer(2, width: 20), reportedLayer(3, width: 40)])
        #expect(layout.rows.map(\.resolution.width) == [40, 20])
        let cells = Dictionary(uniqueKeysWithValues: layout.cells.map { ($0.layer.node, $0) })
        let (first, second, third) = (try #require(cells[1]), try #require(cells[2]), try #require(cells[3]))
        #expect(first.y == third.y && second.y > first.y)
        #expect(third.x == first.x + NetworkLayout.pitch.x)
        #expect(second.x == first.x)
    }

    @Test func stagesLieSideBySideInTheirOrder() {
        let layout = NetworkLayout([reportedLayer(1, width: 40), reportedLayer(2, width: 40, "bifpn"), reportedLayer(3, width: 40, "head")])
        #expect(layout.columns.map(\.stage) == ["backbone", "bifpn", "head"])
        #expect(layout.cells.map(\.x) == layout.columns.map(\.x))
        #expect(Set(layout.cells.map(\.y)).count == 1)
    }

    @Test func aRowOfManyNodesTakesMoreLines() {
        let layout = NetworkLayout((1...40).map { reportedLayer($0, width: 20) } + [reportedLayer(41, width: 10)])
        #expect(layout.rows.map(\.height) == [4 * NetworkLayout.pitch.y, NetworkLayout.pitch.y])
        #expect(Set(layout.cells.map { "\($0.x) \($0.y)" }).count == 41)
        #expect(layout.cells.allSatisfy { $0.x + NetworkLayout.pitch.x <= layout.width && $0.y + NetworkLayout.pitch.y <= layout.height })
    }

    @Test func nothingIsAnEmptyPicture() {
        #expect(NetworkLayout([]).cells.isEmpty)
    }
}
