import ESegRuntime

@_cdecl("eseg_version")
public func libraryVersion() -> UnsafePointer<CChar> {
    // Literals end with a 0 and stay for ever.
    UnsafeRawPointer(version.utf8Start).assumingMemoryBound(to: CChar.self)
}
