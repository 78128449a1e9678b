import Foundation

/// Small JPEG files of the kinds that the product itself never writes. All are 16×8, of two flat halves.
package enum JPEGSamples {
    /// Grey 50, 200.
    package static let grey = decode(
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

    /// `jpeg` with an EXIF segment that asks for an orientation.
    package static func exif(orientation: UInt8, bigEndian: Bool, in jpeg: [UInt8]) -> [UInt8] {
        let tiff: [UInt8] = bigEndian
            ? [0x4D, 0x4D, 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0]
            : [0x49, 0x49, 42, 0, 8, 0, 0, 0, 1, 0, 0x12, 0x01, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0, 0, 0, 0, 0]
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
