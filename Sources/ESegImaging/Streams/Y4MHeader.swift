/// The first line of a YUV4MPEG2 stream: what all its frames are.
struct Y4MHeader: Equatable {
    static let signature = "YUV4MPEG2"
    /// Longest line that is read as a header.
    static let longestLine = 1024

    let picture: PictureFormat
    let rate: FrameRate?

    /// Parses the line, without its newline; throws `ImageError` naming the parameter that is wrong.
    init(_ line: String, name: String) throws(ImageError) {
        func wrong(_ field: String, _ found: String, expected: String) -> ImageError {
            ImageError(file: name, field: field, found: found, expected: expected)
        }
        let words = line.split(separator: " ")
        guard words.first.map(String.init) == Y4MHeader.signature else {
            throw wrong("header", "\"\(line.prefix(20))\"", expected: Y4MHeader.signature)
        }
        var parameters: [Character: String] = [:], isFullRange: Bool?, olderChroma: String?
        for word in words.dropFirst() {
            guard let key = word.first else { continue }
            let value = String(word.dropFirst())
            if key == "X" {
                if value == "COLORRANGE=FULL" { isFullRange = true }
                if value == "COLORRANGE=LIMITED" { isFullRange = false }
                if value.hasPrefix("YSCSS=") { olderChroma = value.dropFirst("YSCSS=".count).lowercased() }
            } else {
                parameters[key] = value
            }
        }
        func side(_ key: Character, _ field: String) throws(ImageError) -> Int {
            guard let text = parameters[key] else { throw wrong(field, "none", expected: "\(key) and a number") }
            guard let value = Int(text), value > 0 else { throw wrong(field, text, expected: "a positive number") }
            return value
        }
        let width = try side("W", "width"), height = try side("H", "height")
        let interlacing = parameters["I"] ?? "p"
        guard interlacing == "p" || interlacing == "?" else {
            throw wrong("interlacing", "I\(interlacing)", expected: "progressive frames (ffmpeg -vf yadif makes them)")
        }
        let chroma = parameters["C"] ?? olderChroma ?? "420jpeg"
        guard let layout = Y4MHeader.layouts[chroma] else {
            let names = Y4MHeader.layouts.keys.sorted().map { "C" + $0 }
            throw wrong("chroma", "C\(chroma)", expected: "one of \(names.joined(separator: ", "))")
        }
        var picture = try PictureFormat(layout, width: width, height: height, name: name)
        picture.isFullRange = isFullRange ?? (layout == .gray)
        self.picture = picture
        let fraction = parameters["F"]?.split(separator: ":").map { Int($0) ?? 0 } ?? []
        rate = fraction.count == 2 ? FrameRate(fraction[0], fraction[1]) : nil
    }

    /// Where chroma samples lie between pixels does not matter here: each holds for its pixels.
    private static let layouts: [String: PictureFormat.Layout] = [
        "420": .i420, "420jpeg": .i420, "420mpeg2": .i420, "420paldv": .i420, "422": .yuv422, "444": .yuv444, "mono": .gray,
    ]
}
