import ESegRuntime
import Foundation
import TestSupport
import Testing
import Video4Linux

@testable import ESegImaging

/// A camera's driver as a test wants it: it gives the events of a list, one for each call of `dequeue`.
private final class FakeDriver: CameraDriver {
    enum Event {
        case frame([UInt8], sequence: UInt32, damaged: Bool = false)
        case error(Int32)
        case badIndex
    }

    var events: [Event]
    var codes = [CameraRequest.Encoding.mjpeg.code, CameraRequest.Encoding.yuyv.code]
    var size: (width: UInt32, height: UInt32)?
    var padding: UInt32 = 0
    var isFullRange = false
    var bufferCount = 4
    var capabilities = (capture: Int32(1), stream: Int32(1))
    var errors: [String: Int32] = [:]
    private(set) var queued: [Int] = []
    private(set) var isStreaming = false
    private(set) var streamingChanges: [Bool] = []
    private let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: 16 * 4096, alignment: 16)

    init(_ events: [Event]) { self.events = events }

    deinit { memory.deallocate() }

    private func check(_ call: String) throws(SystemError) {
        if let code = errors[call] { throw SystemError(code: code) }
    }

    func identify() throws(SystemError) -> video4linux_identity {
        try check("identify")
        var identity = video4linux_identity()
        identity.can_capture = capabilities.capture
        identity.can_stream = capabilities.stream
        return identity
    }

    func setFormat(_ format: video4linux_format) throws(SystemError) -> video4linux_format {
        try check("format")
        var chosen = format
        if !codes.contains(format.code) { chosen.code = codes.first ?? 0 }
        if let size { (chosen.width, chosen.height) = size }
        chosen.bytes_per_line = (chosen.width + 1) / 2 * 4 + padding
        chosen.full_range = isFullRange ? 1 : 0
        return chosen
    }

    func setRate(_ rate: Int) throws(SystemError) -> FrameRate? {
        try check("rate")
        return FrameRate(rate, 1)
    }

    func requestBuffers(_ count: Int) throws(SystemError) -> Int {
        try check("buffers")
        return bufferCount
    }

    func map(_ index: Int) throws(SystemError) -> UnsafeRawBufferPointer {
        try check("map")
        return UnsafeRawBufferPointer(rebasing: memory[index * 4096..<(index + 1) * 4096])
    }

    func queue(_ index: Int) throws(SystemError) {
        try check("queue")
        queued.append(index)
    }

    func dequeue() throws(SystemError) -> video4linux_frame {
        guard !events.isEmpty else { throw SystemError(code: ENODEV) }
        switch events.removeFirst() {
        case .error(let code): throw SystemError(code: code)
        case .badIndex: return video4linux_frame(index: 99, bytes: 1, sequence: 0, damaged: 0)
        case .frame(let bytes, let sequence, let damaged):
            let index = queued.removeFirst()
            UnsafeMutableRawBufferPointer(rebasing: memory[(index * 4096)...]).copyBytes(from: bytes.prefix(4096))
            return video4linux_frame(index: UInt32(index), bytes: UInt32(bytes.count), sequence: sequence, damaged: damaged ? 1 : 0)
        }
    }

    func setStreaming(_ on: Bool) throws(SystemError) {
        if on { try check("stream") }
        isStreaming = on
        streamingChanges.append(on)
    }

    func wait(milliseconds: Int32, _ interruption: Interruption) -> Interruption.Wait {
        if interruption.isRequested { return .interrupted }
        return errors["wait"] == nil ? .ready : .timedOut
    }
}

@Suite struct CameraTests {
    private let unplugged = "/dev/fake: camera: unplugged after "

    private func request(_ encodings: [CameraRequest.Encoding] = [.mjpeg, .yuyv], rate: Int? = nil) -> CameraRequest {
        CameraRequest(width: 40, height: 24, encodings: encodings, rate: rate)
    }

    private func camera(_ driver: FakeDriver, _ request: CameraRequest) throws -> Camera {
        try Camera(driver: driver, name: "/dev/fake", request, interruption: Interruption())
    }

    private func jpeg() throws -> [UInt8] { try RGBImage.gradient(width: 40, height: 24).jpegBytes() }

    @Test func framesAreDecodedAndBuffersGoBack() throws {
        let bytes = try jpeg()
        let driver = FakeDriver((0..<6).map { .frame(bytes, sequence: $0) })
        let source = try camera(driver, request())
        #expect(source.format == "MJPEG 40x24" && driver.isStreaming && driver.queued == [0, 1, 2, 3])
        let reading = StreamReading(source)
        #expect(reading.numbers == [1, 2, 3, 4, 5, 6])
        #expect(try reading.frames.allSatisfy { try $0.pixels == RGBImage(encoded: bytes, name: "jpeg").pixels })
        #expect(reading.failure == "/dev/fake: camera: found unplugged after 6 frames, expected a camera that stays")
        #expect(driver.queued.sorted() == [0, 1, 2, 3] && source.lost == 0)
    }

    @Test func yuyvIsTheSecondChoice() throws {
        let row: [UInt8] = [235, 128, 16, 128]
        let driver = FakeDriver([.frame(row + [9, 9, 9, 9] + row + [9, 9, 9, 9], sequence: 0)])
        driver.codes = [CameraRequest.Encoding.yuyv.code]
        driver.size = (2, 2)
        driver.padding = 4
        let source = try camera(driver, request())
        #expect(source.format == "YUYV 2x2")
        #expect(StreamReading(source).frames.map(\.pixels) == [[255, 255, 255, 0, 0, 0, 255, 255, 255, 0, 0, 0]])
    }

    @Test func theDriversRangeOfColorsIsUsed() throws {
        let driver = FakeDriver([.frame([16, 128, 235, 128], sequence: 0)])
        driver.size = (2, 1)
        driver.isFullRange = true
        #expect(StreamReading(try camera(driver, request([.yuyv]))).frames.map(\.pixels) == [[16, 16, 16, 235, 235, 235]])
    }

    @Test func damagedFramesAreReportedAndTheOthersRead() throws {
        let bytes = try jpeg()
        let driver = FakeDriver([
            .frame(bytes, sequence: 0), .frame(bytes, sequence: 1, damaged: true), .frame([], sequence: 2),
            .frame(Array(bytes.dropLast(200)), sequence: 3), .frame(bytes, sequence: 4),
        ])
        let reading = StreamReading(try camera(driver, request()))
        #expect(reading.numbers == [1, 5])
        #expect(reading.damage.count == 3)
        #expect(reading.damage[0] == "/dev/fake: frame 2: data: found a frame that the driver marks as damaged, expected a whole one")
    }

    @Test func shortYUYVFramesAreDamaged() throws {
        let driver = FakeDriver([.frame([1, 2, 3], sequence: 0), .frame([UInt8](repeating: 1, count: 5000), sequence: 1)])
        driver.size = (40, 64)
        let reading = StreamReading(try camera(driver, request([.yuyv])))
        #expect(
            reading.damage == [
                "/dev/fake: frame 1: data: found 3 bytes, expected 5120 bytes",
                "/dev/fake: frame 2: data: found 4096 bytes, expected 5120 bytes",
            ])
    }

    @Test func interruptedCallsAndEmptyQueuesAreTriedAgain() throws {
        let driver = FakeDriver([.error(EAGAIN), .error(EINTR), .frame(try jpeg(), sequence: 0)])
        #expect(StreamReading(try camera(driver, request())).numbers == [1])
    }

    @Test func gapsInTheSequenceAreLostFrames() throws {
        let bytes = try jpeg()
        let driver = FakeDriver([.frame(bytes, sequence: 7), .frame(bytes, sequence: 10), .frame(bytes, sequence: 0)])
        let source = try camera(driver, request())
        #expect(StreamReading(source).numbers == [1, 4, 5])
        #expect(source.lost == 2)
    }

    @Test(arguments: [
        (EIO, "frames: found input/output error, expected frames of a camera"),
        (ENODEV, "camera: found unplugged after 1 frames, expected a camera that stays"),
    ])
    func failuresWhileCapturingEndTheStream(code: Int32, reason: String) throws {
        let driver = FakeDriver([.frame(try jpeg(), sequence: 0), .error(code)])
        let reading = StreamReading(try camera(driver, request()))
        #expect(reading.numbers == [1] && reading.failure == "/dev/fake: \(reason)")
    }

    @Test func aBufferThatIsNoneIsAnError() throws {
        #expect(StreamReading(try camera(FakeDriver([.badIndex]), request())).failure?.contains("invalid argument") == true)
    }

    @Test func aCameraThatDeliversNothingIsAnError() throws {
        let driver = FakeDriver([])
        let source = try camera(driver, request())
        driver.errors["wait"] = 1
        #expect(StreamReading(source).failure == "/dev/fake: frames: found none in 10 s, expected a camera that delivers")
    }

    @Test func interruptionEndsTheStreamAndTheStreaming() throws {
        let driver = FakeDriver([.frame(try jpeg(), sequence: 0)])
        let interruption = try Interruption()
        var source: Camera? = try Camera(driver: driver, name: "/dev/fake", request(), interruption: interruption)
        interruption.interrupt()
        let reading = try StreamReading(#require(source))
        #expect(reading.frames.isEmpty && reading.failure == nil)
        source = nil
        #expect(driver.streamingChanges == [true, false])
    }

    @Test(arguments: [
        ("identify", ENOTTY, "camera: found a device that is none (inappropriate ioctl for device), expected a Video4Linux"),
        ("format", EBUSY, "format: found in use by another program, expected a camera with MJPEG or YUYV"),
        ("buffers", EBUSY, "camera: found in use by another program, expected a camera that is free"),
        ("buffers", ENOMEM, "start: found cannot allocate memory"), ("map", EINVAL, "start: found invalid argument"),
        ("queue", ENODEV, "camera: found unplugged after 0 frames"), ("stream", ENOSPC, "start: found no space left on device"),
    ])
    func failuresAtTheStartAreNamed(call: String, code: Int32, reason: String) {
        let driver = FakeDriver([])
        driver.errors[call] = code
        let error = imageError { try camera(driver, request()) }
        #expect(error?.description.hasPrefix("/dev/fake: \(reason)") == true, "\(String(describing: error))")
    }

    @Test func devicesThatCannotStreamAreNamed() {
        let cases: [((Int32, Int32), String)] = [((0, 1), "does not capture"), ((1, 0), "without streaming")]
        for (capabilities, reason) in cases {
            let driver = FakeDriver([])
            driver.capabilities = capabilities
            #expect(imageError { try camera(driver, request()) }?.found.contains(reason) == true)
        }
    }

    @Test func formatsThatCannotBeReadAreRefused() {
        let other = FakeDriver([])
        other.codes = [1]
        #expect(imageError { try camera(other, request()) }?.expected == "a camera with MJPEG or YUYV")
        let huge = FakeDriver([])
        huge.size = (20_000, 20_000)
        #expect(imageError { try camera(huge, request()) }?.field == "size")
        let none = FakeDriver([])
        none.bufferCount = 0
        #expect(imageError { try camera(none, request()) }?.field == "start")
    }

    @Test func camerasOfOneRateMayRefuseAnother() throws {
        let willing = FakeDriver([]), fixed = FakeDriver([])
        fixed.errors["rate"] = ENOTTY
        #expect(try camera(willing, request(rate: 15)).rate == FrameRate(15, 1))
        #expect(try camera(fixed, request(rate: 15)).rate == nil)
    }

    @Test func aFileIsNoCamera() throws {
        let folder = try TemporaryFolder(), interruption = try Interruption()
        let path = try folder.write([1], to: "video0")
        let error = imageError { try Camera(path, request(), interruption: interruption) }
        #expect(error?.found == "a file that is not a device")
    }

    @Test(arguments: [
        ("/dev/null", "camera: found a device that is none"), ("/tmp", "file: found is a directory"),
        ("/dev/absent", "file: found no such file or directory, expected a camera's device, such as /dev/video0"),
    ])
    func whatIsNoCameraIsNamed(path: String, reason: String) throws {
        let interruption = try Interruption()
        let error = imageError { try Camera(path, request(), interruption: interruption) }
        #expect(error?.description.hasPrefix("\(path): \(reason)") == true, "\(String(describing: error))")
    }
}
