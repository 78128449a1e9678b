/// Names of files by a frame's number: 000001.png, or more digits.
struct NumberedNames: Sendable {
    static let png = NumberedNames(ending: ".png")
    static let json = NumberedNames(ending: ".json")
    static let doubt = NumberedNames(ending: "-doubt.png")
    static let all = [png, json, doubt]

    private static let digits = 6
    private static let numbers = 1..<1 << 53

    /// What follows the number.
    let ending: String
    private let endingCharacters: [CChar]

    private init(ending: String) {
        self.ending = ending
        endingCharacters = ending.utf8.map { CChar(truncatingIfNeeded: $0) }
    }

    func name(of number: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, NumberedNames.digits - digits.count)) + digits + ending
    }

    /// The number that gives a name; nil where none does.
    func number(of name: String) -> Int? {
        guard name.hasSuffix(ending), let number = Int(name.prefix { $0.isASCII && $0.isNumber }) else { return nil }
        return NumberedNames.numbers.contains(number) && self.name(of: number) == name ? number : nil
    }

    /// Calls `body` with the name, made without a `String`, which would be allocated for every frame.
    func withName(of number: Int, _ body: (UnsafePointer<CChar>) throws -> Void) rethrows {
        try withUnsafeTemporaryAllocation(of: CChar.self, capacity: 24 + endingCharacters.count) { name in
            guard let start = name.baseAddress else { return }
            var position = 23, rest = number, digits = 0
            name.initialize(repeating: 0)
            for (i, character) in endingCharacters.enumerated() { name[position + i] = character }
            while rest > 0 || digits < NumberedNames.digits {
                position -= 1
                name[position] = CChar(48 + rest % 10)
                rest /= 10
                digits += 1
            }
            try body(start + position)
        }
    }
}
