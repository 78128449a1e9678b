import Testing

@testable import Calibration

struct NetworkLayoutTests {
    @Test func levelsAreRowsAndNodesFollowEachOtherInThem() throws {
        let layout = NetworkLayout([reportedLayer(1, level: 1), reportedLayer(2, level: 2), reportedLayer(3, level: 1)])
        #expect(layout.rows.map(\.level) == [1, 2])
        let cells = Dictionary(uniqueKeysWithValues: layout.cells.map { ($0.layer.node, $0) })
        let (first, second, third) = (try #require(cells[1]), try #require(cells[2]), try #require(cells[3]))
        #expect(first.y == third.y && second.y > first.y)
        #expect(third.x == first.x + NetworkLayout.pitch.x)
        #expect(second.x == first.x)
    }

    @Test func partsLieSideBySide() {
        let layout = NetworkLayout([reportedLayer(1, level: 2), reportedLayer(2, level: 2, .pyramid), reportedLayer(3, level: 2, .head)])
        #expect(layout.columns.map(\.part) == [.backbone, .pyramid, .head])
        #expect(layout.cells.map(\.x) == layout.columns.map(\.x))
        #expect(Set(layout.cells.map(\.y)).count == 1)
    }

    @Test func aLevelOfManyNodesTakesMoreLines() {
        let layout = NetworkLayout((1...40).map { reportedLayer($0, level: 3) } + [reportedLayer(41, level: 4)])
        #expect(layout.rows.map(\.height) == [3 * NetworkLayout.pitch.y, NetworkLayout.pitch.y])
        #expect(Set(layout.cells.map { "\($0.x) \($0.y)" }).count == 41)
        #expect(layout.cells.allSatisfy { $0.x + NetworkLayout.pitch.x <= layout.width && $0.y + NetworkLayout.pitch.y <= layout.height })
    }

    @Test func nothingIsAnEmptyPicture() {
        #expect(NetworkLayout([]).cells.isEmpty)
    }
}
