import ESegRuntime
import Testing

@testable import Quantization

struct ClassMapStoreTests {
    private let plain = ClassMap(width: 40, height: 20, classes: [UInt8](repeating: 3, count: 800))
    private let restless = ClassMap(width: 40, height: 20, classes: (0..<800).map { UInt8($0 * $0 % 19) })

    @Test func mapsComeBackAsTheyWere() {
        var store = ClassMapStore(count: 3)
        store[0] = plain
        store[2] = restless
        #expect(store[0] == plain && store[1] == nil && store[2] == restless)
    }

    @Test func whatDoesNotFitIsNotKept() {
        var store = ClassMapStore(count: 3, capacity: 100)
        store[0] = plain
        store[1] = restless
        store[2] = plain
        #expect(store[0] == plain && store[1] == nil && store[2] == plain)
    }
}
