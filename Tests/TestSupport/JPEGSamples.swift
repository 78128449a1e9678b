import Foundation

/// Small JPEG files of the kinds that the product itself never writes. All are 16×8, of two flat halves.
package enum JPEGSamples {
    /// Gray 50, 200.
    package static let gray = decode(
        """
        /9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAIBAQEBAQIBAQECAgICAgQDAgICAgUEBAMEBgUGBgYFBgYGBwkIBgcJBwYGCAsICQoKCgoKBggLDAsKDAkKCgr/wAAL
        CAAIABABAREA/8QAFQABAQAAAAAAAAAAAAAAAAAACQr/xAAUEAEAAAAAAAAAAAAAAAAAAAAA/9oACAEBAAA/ADHUsP/Z
        """)

    /// Progressive, RGB (200, 40, 40), (40, 40, 200).
    package static let progressive = decode(
        """
        /9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAIBAQEBAQIBAQECAgICAgQDAgICAgUEBAMEBgUGBgYFBgYGBwkIBgcJBwYGCAsICQoKCgoKBggLDAsKDAkKCgr/2wBD
        AQICAgICAgUDAwUKBwYHCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgr/wgARCAAIABADASIAAhEBAxEB/8QAFgAB
        AQEAAAAAAAAAAAAAAAAAAAYH/8QAFQEBAQAAAAAAAAAAAAAAAAAABgf/2gAMAwEAAhADEAAAAcvgxrQ//8QAFBABAAAAAAAAAAAAAAAAAAAAEP/aAAgBAQABBQI/
        /8QAGBEAAgMAAAAAAAAAAAAAAAAAAAdEg8L/2gAIAQMBAT8BakOzB//EABgRAAIDAAAAAAAAAAAAAAAAAAAHRIPD/9oACAECAQE/AU9Nr0P/xAAUEAEAAAAAAAAA
        AAAAAAAAAAAQ/9oACAEBAAY/Aj//xAAUEAEAAAAAAAAAAAAAAAAAAAAQ/9oACAEBAAE/IT//2gAMAwEAAgADAAAAEAP/xAAUEQEAAAAAAAAAAAAAAAAAAAAA/9oA
        CAEDAQE/EE//xAAUEQEAAAAAAAAAAAAAAAAAAAAA/9oACAECAQE/EDf/xAAUEAEAAAAAAAAAAAAAAAAAAAAQ/9oACAEBAAE/ED//2Q==
        """)

    /// CMYK as Photoshop stores it, inverted, with the Adobe marker: red (255, 0, 0), blue (0, 0, 204).
    package static let adobeCMYK = decode(
        """
        /9j/7gAOQWRvYmUAZAAAAAAA/9sAQwACAQEBAQECAQEBAgICAgIEAwICAgIFBAQDBAYFBgYGBQYGBgcJCAYHCQcGBggLCAkKCgoKCgYICwwLCgwJCgoK/8AAFAgA
        CAAQBEMRAE0RAFkRAEsRAP/EABcAAQEBAQAAAAAAAAAAAAAAAAoJAAj/xAAUEAEAAAAAAAAAAAAAAAAAAAAA/9oADgRDAE0AWQBLAAA/AL+D/j/r+ABsf44zf//Z
        """)

    /// The same inks as YCCK.
    package static let ycck = decode(
        """
        /9j/7gAOQWRvYmUAZAAAAAAC/9sAQwACAQEBAQECAQEBAgICAgIEAwICAgIFBAQDBAYFBgYGBQYGBgcJCAYHCQcGBggLCAkKCgoKCgYICwwLCgwJCgoK/9sAQwEC
        AgICAgIFAwMFCgcGBwoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoK/8AAFAgACAAQBAERAAIRAQMRAQQRAP/EABUA
        AQEAAAAAAAAAAAAAAAAAAAgJ/8QAFBABAAAAAAAAAAAAAAAAAAAAAP/EABUBAQEAAAAAAAAAAAAAAAAAAAoI/8QAFBEBAAAAAAAAAAAAAAAAAAAAAP/aAA4EAQAC
        EQMRBAAAPwBmKsH/AF/C8FTJUDN//9k=
        """)

    /// Huffman tables are those of the standard's annex K.
    package static let standardTables = decode(
        """
        /9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAgGBgcGBQgHBwcJCQgKDBQNDAsLDBkSEw8UHRofHh0aHBwgJC4nICIsIxwcKDcpLDAxNDQ0Hyc5PTgyPC4zNDL/2wBDAQkJ
        CQwLDBgNDRgyIRwhMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjL/wAARCAAIABADASIAAhEBAxEB/8QAHwAAAQUBAQEBAQEA
        AAAAAAAAAAECAwQFBgcICQoL/8QAtRAAAgEDAwIEAwUFBAQAAAF9AQIDAAQRBRIhMUEGE1FhByJxFDKBkaEII0KxwRVS0fAkM2JyggkKFhcYGRolJicoKSo0NTY3ODk6
        Q0RFRkdISUpTVFVWV1hZWmNkZWZnaGlqc3R1dnd4eXqDhIWGh4iJipKTlJWWl5iZmqKjpKWmp6ipqrKztLW2t7i5usLDxMXGx8jJytLT1NXW19jZ2uHi4+Tl5ufo6erx
        8vP09fb3+Pn6/8QAHwEAAwEBAQEBAQEBAQAAAAAAAAECAwQFBgcICQoL/8QAtREAAgECBAQDBAcFBAQAAQJ3AAECAxEEBSExBhJBUQdhcRMiMoEIFEKRobHBCSMzUvAV
        YnLRChYkNOEl8RcYGRomJygpKjU2Nzg5OkNERUZHSElKU1RVVldYWVpjZGVmZ2hpanN0dXZ3eHl6goOEhYaHiImKkpOUlZaXmJmaoqOkpaanqKmqsrO0tba3uLm6wsPE
        xcbHyMnK0tPU1dbX2Nna4uPk5ebn6Onq8vP09fb3+Pn6/9oADAMBAAIRAxEAPwDzT+1P9qj+1P8Aaoor9G/1Yy3+Q9P/AFizD+c//9k=
        """)

    /// `jpeg` without its Huffman tables, as many cameras send frames.
    package static func withoutHuffmanTables(_ jpeg: [UInt8]) -> [UInt8] {
        var jpeg = jpeg
        while let table = jpeg.indices.dropLast(3).first(where: { jpeg[$0] == 0xFF && jpeg[$0 + 1] == 0xC4 }) {
            jpeg.removeSubrange(table..<table + 2 + Int(jpeg[table + 2]) << 8 + Int(jpeg[table + 3]))
        }
        return jpeg
    }

    /// `jpeg` with an EXIF segment that asks for an orientation.
    package static func exif(
        orientation: UInt8, type: UInt8 = 3, count: UInt8 = 1, bigEndian: Bool, in jpeg: [UInt8]
    ) -> [UInt8] {
        let size = [1: 1, 6: 1, 4: 4, 9: 4][type] ?? 2, zeros = [UInt8](repeating: 0, count: 3)
        let before = bigEndian ? size - 1 : 0
        let value: [UInt8] = Array(zeros.prefix(before)) + [orientation] + Array(zeros.prefix(3 - before))
        let tiff: [UInt8] =
            bigEndian
            ? [0x4D, 0x4D, 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, type, 0, 0, 0, count] + value + [0, 0, 0, 0]
            : [0x49, 0x49, 42, 0, 8, 0, 0, 0, 1, 0, 0x12, 0x01, type, 0, count, 0, 0, 0] + value + [0, 0, 0, 0]
        let content = Array("Exif".utf8) + [0, 0] + tiff
        return Array(jpeg[..<2]) + [0xFF, 0xE1, 0, UInt8(content.count + 2)] + content + Array(jpeg[2...])
    }

    /// `jpeg` without its Adobe segment, which comes first.
    package static func withoutAdobeMarker(_ jpeg: [UInt8]) -> [UInt8] { Array(jpeg[..<2] + jpeg[18...]) }

    /// `jpeg` with other sizes in its frame header.
    package static func claiming(width: UInt16, height: UInt16, in jpeg: [UInt8]) -> [UInt8] {
        var jpeg = jpeg
        guard let frame = jpeg.indices.dropLast(9).first(where: { jpeg[$0] == 0xFF && jpeg[$0 + 1] == 0xC0 }) else { return [] }
        jpeg.replaceSubrange(
            frame + 5..<frame + 9, with: [UInt8(height >> 8), UInt8(height & 255), UInt8(width >> 8), UInt8(width & 255)])
        return jpeg
    }

    private static func decode(_ base64: String) -> [UInt8] {
        Data(base64Encoded: base64, options: .ignoreUnknownCharacters).map { Array($0) } ?? []
    }
}
