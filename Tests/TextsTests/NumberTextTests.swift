import Testing

@testable import Texts

struct NumberTextTests {
    @Test(arguments: [
        (72.0449, 2, "72.04"), (72.045001, 2, "72.05"), (-0.001, 2, "0.00"), (-1.5, 0, "-2"), (9.996, 2, "10.00"), (0.05, 2, "0.05"),
        (7, 3, "7.000"),
        (.nan, 2, "–"), (-.infinity, 2, "–"),
    ]) func decimals(value: Double, decimals: Int, text: String) {
        #expect(value.text(decimals: decimals) == text)
    }

    @Test(arguments: [
        (5.984, 3, "5.98"), (0.02349, 3, "0.0235"), (123.4, 3, "123"), (16384, 2, "16384"), (-0.5, 2, "-0.50"), (0, 3, "0"),
        (1e-12, 2, "0.000000000"), (.nan, 3, "–"), (.infinity, 3, "–"),
    ]) func figures(value: Double, figures: Int, text: String) {
        #expect(value.text(figures: figures) == text)
    }

    @Test(arguments: [(0.25, "+0.25"), (-0.25, "-0.25"), (0, "0.00"), (0.001, "0.00"), (.infinity, "–")])
    func signs(value: Double, text: String) {
        #expect(value.signedText(decimals: 2) == text)
    }
}
