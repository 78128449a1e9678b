import CESeg
import ESegNetwork
import ESegRuntime

@_cdecl("eseg_model_open")
public func openModel(
    _ path: UnsafePointer<CChar>?, _ options: UnsafePointer<eseg_model_options>?, _ model: UnsafeMutablePointer<OpaquePointer?>?,
    _ error: UnsafeMutablePointer<eseg_error>?
) -> eseg_status {
    open(model, options, error) { isa in
        guard let path = try text(path, "path") else { throw CallError.null("path") }
        return try Model(contentsOf: path, isa: isa)
    }
}

@_cdecl("eseg_model_open_memory")
public func openModelInMemory(
    _ bytes: UnsafeRawPointer?, _ size: Int, _ options: UnsafePointer<eseg_model_options>?,
    _ model: UnsafeMutablePointer<OpaquePointer?>?, _ error: UnsafeMutablePointer<eseg_error>?
) -> eseg_status {
    open(model, options, error) { isa in
        guard let bytes else { throw CallError.null("bytes") }
        guard size > 0 else { throw CallError.argument("size", found: "\(UInt(bitPattern: size))", expected: "that of a file") }
        return try Model(file: UnsafeRawBufferPointer(start: bytes, count: size), isa: isa)
    }
}

private func open(
    _ model: UnsafeMutablePointer<OpaquePointer?>?, _ options: UnsafePointer<eseg_model_options>?,
    _ error: UnsafeMutablePointer<eseg_error>?, _ read: (ISA) throws -> Model
) -> eseg_status {
    report(to: error, otherwise: ESEG_BAD_MODEL) {
        guard let model else { throw CallError.null("model") }
        model.pointee = nil
        model.pointee = try OpenModel(read(instructionSet(options))).opened()
    }
}

private func instructionSet(_ options: UnsafePointer<eseg_model_options>?) throws(CallError) -> ISA {
    guard let name = try text(options?.pointee.isa, "options.isa") else { return .best }
    guard let isa = ISA(name: name) else {
        let names = ISA.supported.map(\.description).joined(separator: ", ")
        throw .argument("options.isa", found: "\"\(name)\"", expected: "one of this CPU's: \(names)")
    }
    return isa
}

@_cdecl("eseg_model_close")
public func closeModel(_ model: UnsafeMutablePointer<OpaquePointer?>?) { OpenModel.close(model) }

@_cdecl("eseg_model_describe")
public func describeModel(
    _ model: OpaquePointer?, _ info: UnsafeMutablePointer<eseg_model_info>?, _ error: UnsafeMutablePointer<eseg_error>?
) -> eseg_status {
    report(to: error) {
        guard let info else { throw CallError.null("info") }
        info.pointee = try OpenModel.of(model).info
    }
}

@_cdecl("eseg_model_class")
public func describeClass(
    _ model: OpaquePointer?, _ index: Int32, _ info: UnsafeMutablePointer<eseg_class>?, _ error: UnsafeMutablePointer<eseg_error>?
) -> eseg_status {
    report(to: error) {
        guard let info else { throw CallError.null("class_info") }
        info.pointee = try OpenModel.of(model).classInfo(index)
    }
}
