import Testing

@testable import ESegNetwork

@Suite("The image")
struct ImageTests {
    private let image = Image()

    @Test("has three channels of pixels, and reads nothing")
    func description() throws {
        #expect(image.operation.name == "image" && image.summary == "image" && image.label == "image")
        #expect(image.channels == 3 && image.codes == .pixels && image.parameters.isEmpty)
        #expect(image.faultyField() == nil && image.faultyField(reading: 3) == "inputs")
        #expect(try image.throughFile() == .image(image))
    }
}
