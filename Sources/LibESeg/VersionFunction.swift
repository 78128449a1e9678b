import ESegRuntime

@_cdecl("eseg_version")
public func libraryVersion() -> UnsafePointer<CChar>? {
    // Never nil: literals end with a 0 and stay for ever. Compilers hold the type against the header's, where pointers may be NULL.
    UnsafeRawPointer(version.utf8Start).assumingMemoryBound(to: CChar.self)
}
