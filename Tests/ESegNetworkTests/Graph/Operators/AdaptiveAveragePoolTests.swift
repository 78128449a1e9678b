import Testing

@testable import ESegNetwork

@Suite("An adaptive average pool")
struct AdaptiveAveragePoolTests {
    private let pool = AdaptiveAveragePool(channels: 6, rows: 3, columns: 2)

    @Test("has codes of its own, and scales its input's channels")
    func description() throws {
        #expect(pool.operation.name == "adaptive_average_pool" && pool.summary == "average pool to 3x2" && pool.label == "grid-pool")
        #expect(pool.codes == .own && pool.tiedInputs(1) == 0..<1 && pool.window == nil)
        #expect(try pool.throughFile() == pool.operation)
    }

    @Test("gives a grid of one size, of maps of any")
    func sizes() {
        for map in [[7, 8], [1, 1], [3, 2]] { #expect(pool.size(map) == [3, 2]) }
    }

    @Test("covers all samples of an axis by cells that are not empty")
    func cells() {
        #expect((0..<3).map { AdaptiveAveragePool.samples(ofCell: $0, of: 3, over: 8) } == [0..<3, 2..<6, 5..<8])
        #expect((0..<3).map { AdaptiveAveragePool.samples(ofCell: $0, of: 3, over: 2) } == [0..<1, 0..<2, 1..<2])
    }

    @Test("refuses grids and channels that there are not")
    func limits() {
        #expect(pool.faultyField(reading: 5) == "inputs" && pool.faultyField(reading: 6) == nil)
        for side in [0, 1025, Int.min, .max] {
            #expect(AdaptiveAveragePool(channels: 6, rows: side, columns: 1).faultyField(reading: 6) == "rows")
            #expect(AdaptiveAveragePool(channels: 6, rows: 1, columns: side).faultyField(reading: 6) == "columns")
        }
    }
}
