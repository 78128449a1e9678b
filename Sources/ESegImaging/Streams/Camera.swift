#if canImport(Glibc)
    import Glibc
#endif
import Video4Linux

/// What a camera is asked for; its driver may choose the nearest size and rate that it has.
public struct CameraRequest: Sendable, Equatable {
    public enum Encoding: String, Sendable, CaseIterable {
        case mjpeg, yuyv

        var code: UInt32 {
            switch self {
            case .mjpeg: video4linux_code(77, 74, 80, 71)  // MJPG
            case .yuyv: video4linux_code(89, 85, 89, 86)  // YUYV
            }
        }
    }

    public var width: Int
    public var height: Int
    /// Encodings in the order in which they are tried.
    public var encodings: [Encoding]
    /// Frames per second; nil leaves that to the camera.
    public var rate: Int?

    public init(width: Int, height: Int, encodings: [Encoding] = Encoding.allCases, rate: Int? = nil) {
        self.width = width
        self.height = height
        self.encodings = encodings
        self.rate = rate
    }
}

/// Frames of a Video4Linux camera, streamed through buffers that the driver fills and this side returns.
public final class Camera: FrameSource {
    /// Buffers asked for: one being read, one being filled, and some for when reading is late.
    static let buffers = 4
    /// A camera that gives no frame for so long gives none at all.
    static let patience: Int32 = 10_000

    public let name: String
    public private(set) var rate: FrameRate?
    public private(set) var lost = 0
    private let driver: any CameraDriver
    private let interruption: Interruption
    private let decoder: JPEGDecoder
    private let chosen: video4linux_format
    /// The format of YUYV frames; nil for MJPEG.
    private let picture: PictureFormat?
    private var buffers: [UnsafeRawBufferPointer] = []
    private var number = 0
    private var lastSequence: UInt32?

    /// Opens a device and starts it. Throws `ImageError` if it is not a camera, is busy, or has none of the encodings.
    public convenience init(_ path: String, _ request: CameraRequest, interruption: Interruption) throws(ImageError) {
        try self.init(driver: DeviceDriver(path), name: path, request, interruption: interruption)
    }

    init(driver: any CameraDriver, name: String, _ request: CameraRequest, interruption: Interruption) throws(ImageError) {
        self.driver = driver
        self.name = name
        self.interruption = interruption
        decoder = try JPEGDecoder(for: name)
        try Camera.identify(driver, name)
        chosen = try Camera.negotiate(driver, name, request)
        picture = try Camera.picture(of: chosen, name)
        // Cameras of one rate only refuse to be asked.
        if let wanted = request.rate { rate = try? driver.setRate(wanted) }
        try start()
    }

    deinit { try? driver.setStreaming(false) }

    public var format: String { "\(picture == nil ? "MJPEG" : "YUYV") \(chosen.width)x\(chosen.height)" }

    public var frameSize: (width: Int, height: Int)? { (Int(chosen.width), Int(chosen.height)) }

    public func read(into frame: StreamFrame) throws(ImageError) -> FrameOutcome {
        while true {
            switch driver.wait(milliseconds: Camera.patience, interruption) {
            case .interrupted: return .end
            case .timedOut: throw error("frames", "none in \(Camera.patience / 1000) s", expected: "a camera that delivers")
            case .ready: break
            }
            guard let filled = try dequeue() else { continue }
            number += 1
            countLost(before: filled.sequence)
            let outcome = decode(filled, into: frame)
            do throws(SystemError) { try driver.queue(Int(filled.index)) } catch { throw failed("a buffer", error) }
            return outcome
        }
    }

    /// A filled buffer; nil where there is none after all.
    private func dequeue() throws(ImageError) -> video4linux_frame? {
        do throws(SystemError) {
            let filled = try driver.dequeue()
            guard buffers.indices.contains(Int(filled.index)) else { throw SystemError(code: EINVAL) }
            return filled
        } catch {
            if error.code == EAGAIN || error.code == EINTR { return nil }
            throw failed("frames", error)
        }
    }

    private func decode(_ filled: video4linux_frame, into frame: StreamFrame) -> FrameOutcome {
        func damaged(_ found: String, expected: String) -> FrameOutcome {
            .damaged(ImageError(file: nameOfFrame, field: "data", found: found, expected: expected))
        }
        let memory = buffers[Int(filled.index)].bindMemory(to: UInt8.self)
        let bytes = UnsafeBufferPointer(rebasing: memory[..<min(Int(filled.bytes), memory.count)])
        if filled.damaged != 0 { return damaged("a frame that the driver marks as damaged", expected: "a whole one") }
        if let picture {
            let stride = Int(chosen.bytes_per_line)
            guard bytes.count >= stride * picture.height else {
                return damaged("\(bytes.count) bytes", expected: "\(stride * picture.height) bytes")
            }
            picture.convert(bytes, rowStride: stride, into: frame)
        } else {
            do throws(ImageError) { try decoder.decode(bytes, into: frame, name: nameOfFrame) } catch { return .damaged(error) }
        }
        frame.number = number
        frame.rate = rate
        return .frame
    }

    private var nameOfFrame: String { "\(name): frame \(number)" }

    /// Drivers number all frames, those that no buffer was free for too.
    private func countLost(before sequence: UInt32) {
        defer { lastSequence = sequence }
        guard let lastSequence, sequence > lastSequence else { return }
        let missing = Int(sequence - lastSequence) - 1
        lost += missing
        number += missing
    }

    private func start() throws(ImageError) {
        do throws(SystemError) {
            let count = try driver.requestBuffers(Camera.buffers)
            guard count > 0 else { throw SystemError(code: ENOMEM) }
            for index in 0..<count {
                buffers.append(try driver.map(index))
                try driver.queue(index)
            }
            try driver.setStreaming(true)
        } catch {
            throw failed("start", error)
        }
    }

    private func failed(_ field: String, _ cause: SystemError) -> ImageError {
        switch cause.code {
        case ENODEV, ENXIO: error("camera", "unplugged after \(number) frames", expected: "a camera that stays")
        case EBUSY: error("camera", "in use by another program", expected: "a camera that is free")
        default: error(field, cause.text, expected: "frames of a camera")
        }
    }

    private func error(_ field: String, _ found: String, expected: String) -> ImageError {
        ImageError(file: name, field: field, found: found, expected: expected)
    }
}

extension Camera {
    private static func identify(_ driver: any CameraDriver, _ name: String) throws(ImageError) {
        func noCamera(_ found: String) -> ImageError {
            ImageError(file: name, field: "camera", found: found, expected: "a Video4Linux capture device")
        }
        let identity: video4linux_identity
        do throws(SystemError) { identity = try driver.identify() } catch { throw noCamera("a device that is none (\(error.text))") }
        guard identity.can_capture != 0 else { throw noCamera("a device that does not capture (metadata, output or a codec)") }
        guard identity.can_stream != 0 else { throw noCamera("a device without streaming") }
    }

    /// The first of the encodings that the driver takes, at the size that it chose.
    private static func negotiate(
        _ driver: any CameraDriver, _ name: String, _ request: CameraRequest
    ) throws(ImageError) -> video4linux_format {
        var found = "no encoding asked for"
        for encoding in request.encodings {
            var wanted = video4linux_format()
            wanted.code = encoding.code
            wanted.width = UInt32(clamping: request.width)
            wanted.height = UInt32(clamping: request.height)
            do throws(SystemError) {
                let chosen = try driver.setFormat(wanted)
                if chosen.code == encoding.code { return chosen }
                found = "a camera with another format"
            } catch {
                found = error.code == EBUSY ? "in use by another program" : error.text
            }
        }
        let names = request.encodings.map { $0.rawValue.uppercased() }.joined(separator: " or ")
        throw ImageError(file: name, field: "format", found: found, expected: "a camera with \(names)")
    }

    private static func picture(of chosen: video4linux_format, _ name: String) throws(ImageError) -> PictureFormat? {
        try checkLimits(width: Int(chosen.width), height: Int(chosen.height), file: name)
        guard chosen.code == CameraRequest.Encoding.yuyv.code else { return nil }
        var picture = try PictureFormat(.yuyv, width: Int(chosen.width), height: Int(chosen.height), name: name)
        picture.isFullRange = chosen.full_range != 0
        guard chosen.bytes_per_line >= picture.rowBytes else {
            throw ImageError(
                file: name, field: "bytes per line", found: "\(chosen.bytes_per_line)", expected: "at least \(picture.rowBytes)")
        }
        return picture
    }
}
