import Testing

@testable import ESegNetwork

@Suite("An average pool")
struct AveragePoolTests {
    private let pool = AveragePool(channels: 6, window: Window(kernel: 3, stride: 2), countsPadding: false)

    @Test("has codes of its own, and scales its input's channels")
    func description() throws {
        #expect(pool.operation.name == "average_pool" && pool.summary == "average pool 3x3 /2" && pool.label == "avg-pool")
        #expect(pool.codes == .own && pool.tiedInputs(1) == 0..<1 && pool.window == Window(kernel: 3, stride: 2))
        #expect(try pool.throughFile() == pool.operation)
    }

    @Test("slides any window, and none that is greater than the map")
    func sizes() {
        let axis = Window.Axis(kernel: 4, stride: 2, before: 0, after: 1)
        let other = AveragePool(channels: 6, window: Window(rows: axis, columns: .init(kernel: 1, stride: 1)), countsPadding: true)
        #expect(pool.size([7, 8]) == [4, 4] && other.size([5, 8]) == [2, 8] && other.size([2, 8]) == nil)
    }

    @Test("refuses windows and channels that there are not")
    func limits() {
        #expect(pool.faultyField(reading: 5) == "inputs" && pool.faultyField(reading: 6) == nil)
        for kernel in [0, 1025, Int.min, .max] {
            let other = AveragePool(channels: 6, window: Window(kernel: kernel, stride: 1), countsPadding: true)
            #expect(other.faultyField(reading: 6) == "kernel rows")
        }
        let axis = Window.Axis(kernel: 3, stride: 1, before: 3, after: 0)
        let padded = AveragePool(channels: 6, window: Window(rows: axis, columns: axis), countsPadding: true)
        #expect(padded.faultyField(reading: 6) == "padding of rows")
    }
}
