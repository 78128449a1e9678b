extension Double {
    /// The number with that many decimals, rounded half away from zero; `–` if it is not finite.
    package func text(decimals: Int) -> String {
        let unit = (0..<max(0, decimals)).reduce(1.0) { power, _ in power * 10 }
        let scaled = (magnitude * unit).rounded()
        guard isFinite, scaled < 1e15 else { return isFinite ? description : "–" }
        let sign = self < 0 && scaled > 0 ? "-" : ""
        let whole = Int(scaled / unit)
        guard decimals > 0 else { return "\(sign)\(whole)" }
        let fraction = String(Int(scaled) - whole * Int(unit))
        return "\(sign)\(whole)." + String(repeating: "0", count: decimals - fraction.count) + fraction
    }

    /// The number with that many significant figures, at most 9 decimals and no fewer figures than its whole part has; 0 as `0`.
    package func text(figures: Int) -> String {
        guard self != 0 else { return "0" }
        var decimals = max(0, figures - 1), bound = 10.0
        while decimals > 0, magnitude >= bound { (decimals, bound) = (decimals - 1, bound * 10) }
        bound = 1
        while decimals < 9, magnitude > 0, magnitude < bound { (decimals, bound) = (decimals + 1, bound / 10) }
        return text(decimals: decimals)
    }

    /// Like `text(decimals:)`, with a sign in front of positive numbers too.
    package func signedText(decimals: Int) -> String {
        let text = text(decimals: decimals)
        return self > 0 && isFinite && text.contains { $0 != "0" && $0 != "." } ? "+\(text)" : text
    }
}
