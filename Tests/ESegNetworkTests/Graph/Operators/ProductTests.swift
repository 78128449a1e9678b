import Testing

@testable import ESegNetwork

@Suite("A product")
struct ProductTests {
    private let product = Product(channels: 6)

    @Test("has its first input's channels, times a factor of one pixel each")
    func description() throws {
        #expect(product.operation.name == "product" && product.summary == "product" && product.label == "product")
        #expect(product.valueInputs(2) == 0..<2 && product.tiedInputs(2) == 0..<1 && product.codes == .own)
        #expect(try product.throughFile() == .product(product))
    }

    @Test("has its first input's size; the second has it too, or one pixel")
    func sizes() {
        #expect(
            product.size([7, 8], [1, 1]) == [7, 8] && product.size([7, 8], [7, 8]) == [7, 8] && product.size([7, 8], [1, 2]) == nil)
    }

    @Test("may multiply all channels by one")
    func oneChannel() throws {
        let spatial = Product(channels: 6, factorChannels: 1)
        #expect(spatial.faultyField(reading: 6, 1) == nil && Product(channels: 6, factorChannels: 2).faultyField(reading: 6, 2) != nil)
        #expect(try spatial.throughFile() == spatial.operation)
    }

    @Test("reads two maps of as many channels")
    func limits() {
        #expect(product.faultyField(reading: 6, 6) == nil)
        #expect(product.faultyField(reading: 6) == "inputs" && product.faultyField(reading: 6, 1) == "inputs")
    }
}
