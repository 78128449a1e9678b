import CESeg

@_cdecl("eseg_session_open")
public func openSession(
    _ model: OpaquePointer?, _ options: UnsafePointer<eseg_session_options>?, _ session: UnsafeMutablePointer<OpaquePointer?>?,
    _ error: UnsafeMutablePointer<eseg_error>?
) -> eseg_status {
    report(to: error) {
        guard let session else { throw CallError.null("session") }
        session.pointee = nil
        guard let options else { throw CallError.null("options") }
        session.pointee = try OpenSession(OpenModel.of(model).model, SessionOptions(options.pointee)).opened()
    }
}

@_cdecl("eseg_session_close")
public func closeSession(_ session: UnsafeMutablePointer<OpaquePointer?>?) { OpenSession.close(session) }

@_cdecl("eseg_segment")
public func segment(
    _ session: OpaquePointer?, _ image: UnsafePointer<eseg_image>?, _ result: UnsafePointer<eseg_result>?,
    _ error: UnsafeMutablePointer<eseg_error>?
) -> eseg_status {
    report(to: error) {
        guard let image else { throw CallError.null("image") }
        guard let result else { throw CallError.null("result") }
        try OpenSession.of(session).alone { try $0.segment(image.pointee, into: result.pointee) }
    }
}

@_cdecl("eseg_session_describe")
public func describeSession(
    _ session: OpaquePointer?, _ info: UnsafeMutablePointer<eseg_session_info>?, _ error: UnsafeMutablePointer<eseg_error>?
) -> eseg_status {
    report(to: error) {
        guard let info else { throw CallError.null("info") }
        info.pointee = try OpenSession.of(session).alone { $0.info }
    }
}

@_cdecl("eseg_session_layer")
public func describeLayer(
    _ session: OpaquePointer?, _ index: Int32, _ layer: UnsafeMutablePointer<eseg_layer>?, _ error: UnsafeMutablePointer<eseg_error>?
) -> eseg_status {
    report(to: error) {
        guard let layer else { throw CallError.null("layer") }
        layer.pointee = try OpenSession.of(session).alone { try $0.layer(index) }
    }
}
