import Testing

@testable import ESegRuntime

@Suite struct CPUListTests {
    @Test(arguments: [
        ("0", [0], "0"), ("4-7", [4, 5, 6, 7], "4-7"), ("0,2,4-7", [0, 2, 4, 5, 6, 7], "0,2,4-7"), ("3,1,2", [1, 2, 3], "1-3"),
        ("1-3,2-4", [1, 2, 3, 4], "1-4"), ("5-5", [5], "5"), ("4095", [4095], "4095"),
    ])
    func listsAreReadAsLinuxWritesThem(text: String, cpus: [Int], written: String) throws {
        let list = try CPUList(text)
        #expect(list.cpus == cpus)
        #expect(list.description == written)
    }

    @Test(arguments: [
        "", ",", "-", "1-", "-1", "3-1", "0,,1", "0,", "a", "1 ", " 1", "0x1", "+1", "1-2-3", "4096", "99999999999999999999",
        "0-99999999999999999999", "١",
    ])
    func whatIsNoListIsRefused(text: String) {
        #expect(throws: RuntimeError.cpus(found: "\"\(text)\"", expected: "CPUs by number, such as 0,2,4-7")) { try CPUList(text) }
    }
}
