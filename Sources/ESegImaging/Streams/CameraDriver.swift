#if canImport(Glibc)
    import Glibc
#endif
import Video4Linux

/// A failed call of the system, by its error number.
struct SystemError: Error, Equatable {
    let code: Int32

    var text: String { String(cString: strerror(code)).lowercasedFirst }
}

/// What a camera's driver is asked, one function for each call of Video4Linux that capturing needs.
protocol CameraDriver: AnyObject {
    func identify() throws(SystemError) -> video4linux_identity
    /// Asks for a format; returns what the driver chose instead.
    func setFormat(_ format: video4linux_format) throws(SystemError) -> video4linux_format
    /// Asks for frames per second; returns what the driver chose, or nil where it does not say.
    func setRate(_ rate: Int) throws(SystemError) -> FrameRate?
    /// Makes buffers; returns how many there are.
    func requestBuffers(_ count: Int) throws(SystemError) -> Int
    /// A buffer's memory, which stays as long as the driver does.
    func map(_ index: Int) throws(SystemError) -> UnsafeRawBufferPointer
    func queue(_ index: Int) throws(SystemError)
    func dequeue() throws(SystemError) -> video4linux_frame
    func setStreaming(_ on: Bool) throws(SystemError)
    /// Waits for a filled buffer, or for that long.
    func wait(milliseconds: Int32, _ interruption: Interruption) -> Interruption.Wait
}

/// The driver of a device file.
final class DeviceDriver: CameraDriver {
    private let device: Int32
    private var mappings: [UnsafeRawBufferPointer] = []

    /// Throws `ImageError` where there is no device of that name.
    init(_ path: String) throws(ImageError) {
        let expected = "a camera's device, such as /dev/video0"
        // Until `device` is set, what throws does not run `deinit`, which would close it again and change errno.
        let opened = open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC)
        guard opened >= 0 else { throw unreadable(path, expected: expected) }
        var status = stat()
        guard fstat(opened, &status) == 0, status.st_mode & S_IFMT == S_IFCHR else {
            close(opened)
            throw ImageError(file: path, field: "camera", found: "a file that is not a device", expected: expected)
        }
        device = opened
    }

    deinit {
        for mapping in mappings { munmap(UnsafeMutableRawPointer(mutating: mapping.baseAddress), mapping.count) }
        close(device)
    }

    func identify() throws(SystemError) -> video4linux_identity {
        var identity = video4linux_identity()
        try check(video4linux_identify(device, &identity))
        return identity
    }

    func setFormat(_ format: video4linux_format) throws(SystemError) -> video4linux_format {
        var format = format
        try check(video4linux_set_format(device, &format))
        return format
    }

    func setRate(_ rate: Int) throws(SystemError) -> FrameRate? {
        var numerator = UInt32(clamping: rate), denominator: UInt32 = 1
        try check(video4linux_set_rate(device, &numerator, &denominator))
        return FrameRate(Int(numerator), Int(denominator))
    }

    func requestBuffers(_ count: Int) throws(SystemError) -> Int {
        var count = UInt32(clamping: count)
        try check(video4linux_request_buffers(device, &count))
        return Int(count)
    }

    func map(_ index: Int) throws(SystemError) -> UnsafeRawBufferPointer {
        var address: UnsafeRawPointer?, bytes = 0
        try check(video4linux_map_buffer(device, UInt32(clamping: index), &address, &bytes))
        let mapping = UnsafeRawBufferPointer(start: address, count: bytes)
        mappings.append(mapping)
        return mapping
    }

    func queue(_ index: Int) throws(SystemError) { try check(video4linux_queue(device, UInt32(clamping: index))) }

    func dequeue() throws(SystemError) -> video4linux_frame {
        var frame = video4linux_frame()
        try check(video4linux_dequeue(device, &frame))
        return frame
    }

    func setStreaming(_ on: Bool) throws(SystemError) { try check(video4linux_stream(device, on ? 1 : 0)) }

    func wait(milliseconds: Int32, _ interruption: Interruption) -> Interruption.Wait {
        interruption.wait(for: device, milliseconds: milliseconds)
    }

    private func check(_ code: Int32) throws(SystemError) {
        if code != 0 { throw SystemError(code: code) }
    }
}
