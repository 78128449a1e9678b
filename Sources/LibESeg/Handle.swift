import CESeg
import Glibc

/// An object that a caller holds by an opaque pointer.
protocol Handled: AnyObject {
    /// Marks memory as a handle of this kind.
    static var mark: UInt64 { get }
    /// What errors call it.
    static var name: String { get }
}

/// What an opaque pointer leads to.
private struct Handle {
    var mark: UInt64
    let object: UnsafeRawPointer
}

extension Handled {
    /// A handle that keeps the object until it is closed.
    func opened() throws(CallError) -> OpaquePointer {
        guard let memory = malloc(MemoryLayout<Handle>.size) else {
            throw CallError(ESEG_NO_MEMORY, "memory: \(MemoryLayout<Handle>.size) bytes could not be allocated")
        }
        let object = UnsafeRawPointer(Unmanaged.passRetained(self).toOpaque())
        memory.initializeMemory(as: Handle.self, to: Handle(mark: Self.mark, object: object))
        return OpaquePointer(memory)
    }

    /// The object of a handle, held while it is in use. Throws for what is none of this kind, as far as its memory tells: one that was closed, or
    /// is of another kind.
    static func of(_ handle: OpaquePointer?) throws(CallError) -> Self {
        guard let handle else { throw .null(name) }
        guard let open = open(handle) else { throw .argument(name, found: "no open handle", expected: "one of an eseg_\(name)") }
        return Unmanaged<Self>.fromOpaque(open.pointee.object).takeUnretainedValue()
    }

    /// Lets the object go and sets the caller's pointer to nil.
    static func close(_ pointer: UnsafeMutablePointer<OpaquePointer?>?) {
        guard let pointer, let handle = pointer.pointee else { return }
        pointer.pointee = nil
        guard let open = open(handle) else { return }
        open.pointee.mark = 0
        Unmanaged<Self>.fromOpaque(open.pointee.object).release()
        free(open)
    }

    private static func open(_ handle: OpaquePointer) -> UnsafeMutablePointer<Handle>? {
        let memory = UnsafeMutableRawPointer(handle)
        guard UInt(bitPattern: memory) % UInt(MemoryLayout<Handle>.alignment) == 0 else { return nil }
        let handle = memory.assumingMemoryBound(to: Handle.self)
        return handle.pointee.mark == mark ? handle : nil
    }
}
