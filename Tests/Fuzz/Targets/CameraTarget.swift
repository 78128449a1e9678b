import TestSupport
import Video4Linux

@testable import ESegImaging

extension FuzzTarget {
    /// A camera whose driver answers whatever the bytes say.
    static let camera = FuzzTarget("camera") {
        let jpeg = JPEGSamples.gray
        func event(_ bytes: [UInt8]) -> [UInt8] { [0, UInt8(bytes.count & 255), UInt8(bytes.count >> 8), 1, 0] + bytes }
        let frames = event(jpeg) + [1, 11] + event(jpeg) + event(Array(jpeg.dropLast(30)))
        let yuyv: [UInt8] = [0, 64, 0, 1, 0] + (0..<64).map { UInt8($0) }
        return [[0, 16, 0, 8, 0, 32, 0, 4, 0] + frames, [1, 8, 0, 4, 0, 16, 0, 4, 1] + yuyv + yuyv]
    } run: { bytes in
        guard bytes.count <= 1 << 13, !bytes.claimsLargeJPEG, let interruption = try? Interruption() else { return passedOver }
        let driver = FuzzedDriver(bytes), request = CameraRequest(width: 16, height: 8, rate: 30)
        var transcript = StreamTranscript()
        transcript.add { () throws(ImageError) in try Camera(driver: driver, name: "fuzz", request, interruption: interruption) }
        try require(transcript.isSound, "frames of other sizes than they say")
        return transcript.text
    }
}

/// A driver that follows bytes: what it chooses, then an event for each frame that is asked for. Behind their end, the camera is gone.
private final class FuzzedDriver: CameraDriver {
    private static let bufferBytes = 2048
    private var bytes: ArraySlice<UInt8>
    private var buffers: [UnsafeMutableRawBufferPointer] = []
    private let chosen: [UInt8]

    init(_ bytes: [UInt8]) {
        chosen = Array(bytes.prefix(9))
        self.bytes = bytes.dropFirst(9)
    }

    deinit { for buffer in buffers { buffer.deallocate() } }

    private func choice(_ index: Int) -> UInt32 { index < chosen.count ? UInt32(chosen[index]) : 0 }

    private func next() throws(SystemError) -> UInt32 {
        guard let byte = bytes.popFirst() else { throw SystemError(code: 19) }
        return UInt32(byte)
    }

    func identify() throws(SystemError) -> video4linux_identity {
        var identity = video4linux_identity()
        (identity.can_capture, identity.can_stream) = (choice(0) & 64 == 0 ? 1 : 0, choice(0) & 128 == 0 ? 1 : 0)
        return identity
    }

    func setFormat(_ format: video4linux_format) throws(SystemError) -> video4linux_format {
        var chosen = format
        chosen.code = CameraRequest.Encoding.allCases[Int(choice(0) & 1)].code
        chosen.width = choice(1) | choice(2) << 8 & 0x300
        chosen.height = choice(3) | choice(4) << 8 & 0x300
        chosen.bytes_per_line = choice(5) | choice(6) << 8 | (choice(6) == 255 ? 0xFFFF_0000 : 0)
        chosen.full_range = Int32(choice(0) >> 1 & 1)
        return chosen
    }

    func setRate(_ rate: Int) throws(SystemError) -> FrameRate? { FrameRate(Int(choice(8)), Int(choice(7))) }
    func requestBuffers(_ count: Int) throws(SystemError) -> Int { Int(choice(7) & 7) }

    func map(_ index: Int) throws(SystemError) -> UnsafeRawBufferPointer {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.bufferBytes, alignment: 16)
        buffer.initializeMemory(as: UInt8.self, repeating: 0)
        buffers.append(buffer)
        return UnsafeRawBufferPointer(buffer)
    }

    func queue(_ index: Int) throws(SystemError) {}

    func dequeue() throws(SystemError) -> video4linux_frame {
        let kind = try next()
        guard kind & 1 == 0 else { throw SystemError(code: Int32(try next())) }
        let size = try next() | next() << 8, sequence = try next() | (kind & 2 == 0 ? 0 : 0xFFFF_FF00), index = kind >> 4
        let damaged = Int32(try next() & 1)
        if buffers.indices.contains(Int(index)) { buffers[Int(index)].copyBytes(from: bytes.prefix(Self.bufferBytes)) }
        bytes = bytes.dropFirst(Int(size))
        return video4linux_frame(index: index, bytes: kind & 4 == 0 ? size : size << 16, sequence: sequence, damaged: damaged)
    }

    func setStreaming(_ on: Bool) throws(SystemError) {}
    func wait(milliseconds: Int32, _ interruption: Interruption) -> Interruption.Wait { .ready }
}
