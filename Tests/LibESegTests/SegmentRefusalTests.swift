import CESeg
import ESegRuntime
import TestSupport
import Testing

@testable import LibESeg

/// What a call with an image, a result or options that cannot be is refused with.
@Suite struct SegmentRefusalTests {
    private let model: CModel
    private let session: CSession

    init() throws {
        model = try CModel()
        session = try CSession(model, width: 48, height: 40)
    }

    private func refusal(_ change: (inout eseg_image, inout eseg_result) -> Void) -> String? {
        var bytes = [UInt8](repeating: 7, count: 3 * 48 * 40), classes = [UInt8](repeating: 9, count: 48 * 40)
        let refusal = bytes.withUnsafeMutableBufferPointer { bytes in
            classes.withUnsafeMutableBufferPointer { classes in
                var image = eseg_image(ESEG_RGB, width: 48, height: 40), result = eseg_result()
                image.planes = (UnsafePointer(bytes.baseAddress), UnsafePointer(bytes.baseAddress))
                result.classes = classes.baseAddress
                change(&image, &result)
                return Refusal.of { try Refusal.check { eseg_segment(session.handle, &image, &result, $0) } }
            }
        }
        #expect(classes.allSatisfy { $0 == 9 }, "nothing is written where a call is refused")
        #expect(refusal?.status == ESEG_INVALID_ARGUMENT.rawValue)
        return refusal?.message
    }

    @Test func imagesThatCannotBe() {
        #expect(refusal { image, _ in image.width = 47 } == "image size: found 47x40, expected 48x40, the session's")
        #expect(refusal { image, _ in image.height = -40 } == "image size: found 48x-40, expected 48x40, the session's")
        #expect(refusal { image, _ in image.planes.0 = nil } == "image.planes[0]: found NULL, expected a pointer")
        for format in [7, 255, UInt32.max] {
            #expect(
                refusal { image, _ in image.format = eseg_format(format) }
                    == "image.format: found \(format), expected a format of eseg_format's")
        }
        #expect(
            refusal { image, _ in
                image.format = ESEG_NV12
                image.planes.1 = nil
            } == "image.planes[1]: found NULL, expected a pointer")
    }

    @Test(arguments: [1, -1, 143, -143, 47])
    func rowsThatOverlap(stride: Int) {
        let expected = "image.strides[0]: found \(stride), expected at least 144 bytes, or 0 for rows without gaps"
        #expect(refusal { image, _ in image.strides.0 = stride } == expected)
    }

    @Test(arguments: [Int.max, Int.min, Int.max / 39, Int.min / 39, -(1 << 60)])
    func rowsThatNoMemoryHolds(stride: Int) {
        #expect(refusal { image, _ in image.strides.0 = stride } == "image.strides[0]: found \(stride), expected 40 rows that memory holds")
        #expect(
            refusal { _, result in result.classes_stride = stride }
                == "result.classes_stride: found \(stride), expected 40 rows that memory holds")
    }

    @Test func chromaRowsThatOverlap() {
        let expected = "image.strides[1]: found 47, expected at least 48 bytes, or 0 for rows without gaps"
        #expect(
            refusal { image, _ in
                image.format = ESEG_NV12
                image.strides.1 = 47
            } == expected)
    }

    @Test func resultsThatCannotBe() {
        #expect(
            refusal { _, result in result.classes_stride = 47 }
                == "result.classes_stride: found 47, expected at least 48 bytes, or 0 for rows without gaps")
        #expect(
            refusal { _, result in
                result.doubt = result.classes
                result.doubt_stride = -1
            } == "result.doubt_stride: found -1, expected at least 48 bytes, or 0 for rows without gaps")
        #expect(
            refusal { _, result in result.classes = nil } == "result: found NULL for all, expected a place for classes, doubt or logits")
        withUnsafeTemporaryAllocation(of: Int16.self, capacity: 1) { logits in
            let message = refusal { _, result in
                result.logits = logits.baseAddress
                result.logit_count = 1
            }
            #expect(message?.hasPrefix("result.logit_count: found 1, expected ") == true)
        }
    }

    @Test func pointersThatAreMissing() {
        var image = eseg_image(ESEG_RGB, width: 48, height: 40), result = eseg_result(), layer = eseg_layer()
        func message(_ call: (UnsafeMutablePointer<eseg_error>) -> eseg_status) -> String? {
            Refusal.of { try Refusal.check(call) }?.message
        }
        #expect(message { eseg_segment(nil, &image, &result, $0) } == "session: found NULL, expected a pointer")
        #expect(message { eseg_segment(session.handle, nil, &result, $0) } == "image: found NULL, expected a pointer")
        #expect(message { eseg_segment(session.handle, &image, nil, $0) } == "result: found NULL, expected a pointer")
        #expect(message { eseg_session_describe(session.handle, nil, $0) } == "info: found NULL, expected a pointer")
        #expect(message { eseg_session_layer(session.handle, 0, nil, $0) } == "layer: found NULL, expected a pointer")
        #expect(message { eseg_session_layer(session.handle, -1, &layer, $0) }?.hasPrefix("index: found -1, expected 0 to ") == true)
        #expect(message { eseg_session_layer(session.handle, 9999, &layer, $0) }?.hasPrefix("index: found 9999, expected 0 to ") == true)
        #expect(message { eseg_session_open(model.handle, nil, &session.handle, $0) } == "options: found NULL, expected a pointer")
        #expect(message { eseg_session_open(model.handle, nil, nil, $0) } == "session: found NULL, expected a pointer")
    }

    @Test func optionsThatCannotBe() throws {
        func refusal(cpus: String? = nil, _ change: (inout eseg_session_options) -> Void) -> Refusal? {
            var options = eseg_session_options()
            (options.width, options.height) = (48, 40)
            change(&options)
            return Refusal.of { _ = try CSession(model, options, cpus: cpus) }
        }
        func invalid(_ message: String) -> Refusal { Refusal(status: ESEG_INVALID_ARGUMENT.rawValue, message: message) }
        #expect(refusal { $0.width = 0 } == invalid("options.width: found 0, expected 1 to 16384"))
        #expect(refusal { $0.height = 16385 } == invalid("options.height: found 16385, expected 1 to 16384"))
        #expect(refusal { $0.width = .min } == invalid("options.width: found -2147483648, expected 1 to 16384"))
        #expect(refusal { $0.width = 31 } == invalid("image: width: found 31, expected 32...16384"))
        #expect(refusal { $0.input_width = 64 } == invalid("options.input_height: found 0, expected 1 to 16384"))
        #expect(refusal { $0.input_height = 64 } == invalid("options.input_width: found 0, expected 1 to 16384"))
        #expect(refusal { $0.threads = 257 } == invalid("options.threads: found 257, expected 1 to 256, or 0"))
        #expect(refusal { $0.threads = -1 } == invalid("options.threads: found -1, expected 1 to 256, or 0"))
        for list in ["", "a", "1-", "3-1", "0,,1", "99999"] {
            let expected = "options.cpus: found \"\(list)\", expected CPUs by number, such as 0,2,4-7"
            #expect(refusal(cpus: list) { _ in } == invalid(expected))
        }
        let offline = refusal(cpus: "4095") { _ in }
        #expect(offline?.status == ESEG_NO_THREADS.rawValue && offline?.message.hasPrefix("CPUs: found 4095, not ") == true)
    }
}
