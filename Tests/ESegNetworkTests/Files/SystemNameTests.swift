import Testing

@testable import ESegNetwork

@Suite struct SystemNameTests {
    @Test func namesThatAreTextAreThatText() {
        for text in ["", "a.jpg", "caf\u{E9}", "cafe\u{301}", "\u{1F600}"] {
            let name = SystemName(Array(text.utf8))
            #expect(name.text == text && name.shown == text && name == text.withCString { SystemName($0) })
        }
    }

    @Test func othersAreShownWithTheBytesThatAreNone() {
        let latin = SystemName([0x63, 0xE9, 0x2E, 0x6A])
        #expect(latin.text == nil && latin.shown == #"c\xE9.j"#)
        #expect(SystemName([0xE2, 0x82]).shown == #"\xE2\x82"#)
        #expect(SystemName([0xC3, 0xA9, 0xFF]).shown == "\u{E9}\\xFF")
    }
}
