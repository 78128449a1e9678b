import CESeg
import Foundation
import TestSupport

import ESegNetwork
import ESegRuntime

/// What a function of the library refused.
struct Refusal: Error, Equatable, CustomStringConvertible {
    let status: UInt32
    let message: String
    var description: String { "\(status): \(message)" }

    /// Runs a call, and throws what it refused.
    static func check(_ call: (UnsafeMutablePointer<eseg_error>) -> eseg_status) throws(Refusal) {
        var error = eseg_error()
        error.status = ESEG_BUSY
        let status = call(&error)
        guard status.rawValue != ESEG_OK.rawValue else { return }
        let message = withUnsafeBytes(of: error.message) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        guard error.status.rawValue == status.rawValue else { throw Refusal(status: 99, message: "the error has another status") }
        throw Refusal(status: status.rawValue, message: message)
    }

    /// What `work` is refused with; nil where it is not.
    static func of(_ work: () throws -> Void) -> Refusal? {
        do { try work() } catch let error as Refusal { return error } catch { return Refusal(status: 98, message: "\(error)") }
        return nil
    }
}

/// A model of the library's, opened and closed as a program in C does it.
final class CModel {
    var handle: OpaquePointer?

    init(_ path: String = Fixture.path, isa: String? = nil) throws(Refusal) {
        var options = eseg_model_options()
        let name = isa.map { strdup($0) }
        defer { free(name ?? nil) }
        options.isa = name.flatMap { UnsafePointer($0) }
        try Refusal.check { eseg_model_open(path, &options, &handle, $0) }
    }

    init(bytes: [UInt8]) throws(Refusal) {
        try Refusal.check { error in bytes.withUnsafeBytes { eseg_model_open_memory($0.baseAddress, $0.count, nil, &handle, error) } }
    }

    deinit { eseg_model_close(&handle) }

    var info: eseg_model_info {
        get throws(Refusal) {
            var info = eseg_model_info()
            try Refusal.check { eseg_model_describe(handle, &info, $0) }
            return info
        }
    }

    func classInfo(_ index: Int32) throws(Refusal) -> eseg_class {
        var info = eseg_class()
        try Refusal.check { eseg_model_class(handle, index, &info, $0) }
        return info
    }
}

/// A session of the library's.
final class CSession: @unchecked Sendable {
    var handle: OpaquePointer?

    init(_ model: CModel, _ options: eseg_session_options, cpus: String? = nil) throws(Refusal) {
        var options = options
        let list = cpus.map { strdup($0) }
        defer { free(list ?? nil) }
        options.cpus = list.flatMap { UnsafePointer($0) }
        try Refusal.check { eseg_session_open(model.handle, &options, &handle, $0) }
    }

    convenience init(_ model: CModel, width: Int, height: Int, input: (width: Int, height: Int) = (0, 0), threads: Int32 = 1)
        throws(Refusal)
    {
        var options = eseg_session_options()
        (options.width, options.height) = (Int32(width), Int32(height))
        (options.input_width, options.input_height) = (Int32(input.width), Int32(input.height))
        options.threads = threads
        try self.init(model, options)
    }

    deinit { eseg_session_close(&handle) }

    var info: eseg_session_info {
        get throws(Refusal) {
            var info = eseg_session_info()
            try Refusal.check { eseg_session_describe(handle, &info, $0) }
            return info
        }
    }

    func layer(_ index: Int32) throws(Refusal) -> eseg_layer {
        var layer = eseg_layer()
        try Refusal.check { eseg_session_layer(handle, index, &layer, $0) }
        return layer
    }

    /// The classes of an image that lies in memory as the struct says; its first plane is `bytes`, its second from `second` on.
    func classes(of bytes: [UInt8], _ image: eseg_image, second: Int? = nil, first: Int = 0) throws -> [UInt8] {
        var classes = [UInt8](repeating: 255, count: Int(image.width * image.height))
        try bytes.withUnsafeBufferPointer { bytes in
            var image = image
            image.planes.0 = bytes.baseAddress.map { $0 + first }
            image.planes.1 = second.flatMap { second in bytes.baseAddress.map { $0 + second } }
            try classes.withUnsafeMutableBufferPointer { classes in
                var result = eseg_result()
                result.classes = classes.baseAddress
                try Refusal.check { eseg_segment(handle, &image, &result, $0) }
            }
        }
        return classes
    }

    func classes(of image: RGBImage) throws -> [UInt8] {
        try classes(of: image.pixels, eseg_image(ESEG_RGB, width: image.width, height: image.height))
    }
}

extension eseg_image {
    /// Rows without gaps, planes to be filled in.
    init(_ format: eseg_format, width: Int, height: Int) {
        self.init()
        self.format = format
        self.width = Int32(width)
        self.height = Int32(height)
    }
}

/// A small network of this repository's.
enum Fixture {
    static let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    static let path = tests.appendingPathComponent("Fixtures/format2.eseg").path
    static let bytes = (try? Data(contentsOf: URL(fileURLWithPath: path))).map(Array.init) ?? []

    /// The same made for images of a size, in a file.
    static func made(for size: MapSize, in folder: TemporaryFolder) throws -> String {
        var network = try QuantizedNetwork(contentsOf: path)
        network.description.imageSize = size
        let file = folder.path + "/made-for.eseg"
        try network.write(to: file)
        return file
    }
}

func text(_ pointer: UnsafePointer<CChar>?) -> String? { pointer.map { String(cString: $0) } }
