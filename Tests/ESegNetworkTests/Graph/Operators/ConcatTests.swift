import Testing

@testable import ESegNetwork

@Suite("A concat")
struct ConcatTests {
    private let concat = Concat(inputChannels: [3, 8])

    @Test("has the channels of all its inputs and their size")
    func sizes() throws {
        #expect(concat.channels == 11 && concat.summary == "concat of 2" && concat.macs(Shape(height: 4, width: 5, channels: 11)) == 0)
        #expect(throws: Never.self) { try concat.check(inputChannels: [3, 8]) }
        let maps = [3, 8].map { Shape(height: 4, width: 5, channels: $0) }
        #expect(try concat.outputSize(maps) == MapSize(height: 4, width: 5))
        #expect(try concat.throughFile() == .concat(concat))
    }

    @Test("ties no channels together, for its own are those of several maps, and chooses its codes")
    func channels() {
        #expect(concat.valueInputs(2) == 0..<2 && concat.tiedInputs(2).isEmpty && concat.codes == .own && concat.parameters.isEmpty)
        #expect(concat.layerKind(isInt16: false) == .concat && concat.layerKind(isInt16: true) == .concat)
    }

    @Test("refuses channels, counts and sizes that do not fit")
    func faults() {
        #expect(throws: OperatorFault(field: "inputs", found: "7 channels", expected: "8")) { try concat.check(inputChannels: [3, 7]) }
        #expect(throws: OperatorFault(field: "inputs", found: "3", expected: "2")) { try concat.check(inputChannels: [3, 8, 1]) }
        #expect(throws: OperatorFault.self) { try Concat(inputChannels: [3]).check(inputChannels: [3]) }
        #expect(throws: OperatorFault.self) { try Concat(inputChannels: Array(repeating: 1, count: 17)).check(inputChannels: []) }
        let maps = [Shape(height: 4, width: 5, channels: 3), Shape(height: 5, width: 5, channels: 8)]
        #expect(throws: OperatorFault(field: "inputs", found: "maps of 5x4 and 5x5", expected: "maps of one size")) {
            try concat.outputSize(maps)
        }
    }
}
