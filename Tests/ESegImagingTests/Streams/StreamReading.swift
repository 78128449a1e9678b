import Foundation
import TestSupport

@testable import ESegImaging

/// What reading a stream to its end gave.
struct StreamReading {
    struct Frame: Equatable {
        let number: Int
        let width: Int
        let height: Int
        let pixels: [UInt8]
    }

    var frames: [Frame] = []
    var damage: [String] = []
    /// What the stream ended with where not by its end.
    var failure: String?

    var numbers: [Int] { frames.map(\.number) }

    /// Reads bytes as a file called "stream".
    init(_ bytes: [UInt8], raw: String? = nil) throws {
        let folder = try TemporaryFolder()
        let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: folder.write(bytes, to: "stream")))
        let interruption = try Interruption()
        do throws(ImageError) {
            let source = try StreamFormat.open(
                descriptor: file.fileDescriptor, name: "stream", raw: raw.flatMap(RawFormat.init), interruption: interruption)
            try read(source)
        } catch {
            failure = error.description
        }
    }

    init(_ source: any FrameSource) {
        do throws(ImageError) { try read(source) } catch { failure = error.description }
    }

    private mutating func read(_ source: any FrameSource) throws(ImageError) {
        let frame = StreamFrame()
        while true {
            switch try source.read(into: frame) {
            case .frame: frames.append(Frame(number: frame.number, width: frame.width, height: frame.height, pixels: frame.pixels))
            case .damaged(let error): damage.append(error.description)
            case .end: return
            }
        }
    }
}
