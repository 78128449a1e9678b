import ArgumentParser
import ESegImaging
import ESegRuntime
@preconcurrency import Glibc

/// `eseg decode`: an image's pixels as all commands read them.
struct DecodeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "decode", abstract: "Writes an image's pixels, as every command reads them, to standard output.",
        discussion: """
            The output is a binary PPM: "P6", width, height and 255, each followed by a line feed, then the red, green and blue of each \
            pixel, a byte each, in rows from the top.

              eseg decode street.jpg > street.ppm
            """)

    @Argument(help: ArgumentHelp("A JPEG or PNG image.", valueName: "image"))
    var path: String

    func run() throws {
        let image = try RGBImage(contentsOf: path)
        let header = Array("P6\n\(image.width) \(image.height)\n255\n".utf8)
        fwrite(header, 1, header.count, stdout)
        fwrite(image.pixels, 1, image.pixels.count, stdout)
    }
}
