/// The libraries of `Tests/Faults`: one that makes calls of a program that is started with it fail, and one that is a camera.
enum FaultShim {
    private static let made = Result { () -> String? in
        guard let shim = try PreloadedLibrary.compile("Faults/shim.c"), let camera = try PreloadedLibrary.compile("Faults/camera.c") else {
            return nil
        }
        return shim + ":" + camera
    }

    /// Where they are, for LD_PRELOAD, made on first use; nil where there is no compiler.
    static func paths() throws -> String? { try made.get() }
}
