import Kernels

/// An instruction set that kernels are written for.
public struct ISA: Sendable, Equatable, CustomStringConvertible {
    let value: eseg_isa

    /// The best that this CPU supports.
    public static var best: ISA { ISA(value: eseg_isa_best()) }

    /// Every instruction set that this CPU supports, in rising order.
    public static var supported: [ISA] {
        (0..<ESEG_ISA_COUNT.rawValue).map { eseg_isa($0) }.filter { eseg_isa_supported($0) != 0 }.map(ISA.init(value:))
    }

    /// The supported instruction set of that name, or nil.
    public init?(name: String) {
        guard let isa = ISA.supported.first(where: { $0.description == name }) else { return nil }
        self = isa
    }

    init(value: eseg_isa) { self.value = value }

    var kernels: UnsafePointer<eseg_kernels> { eseg_kernels_for(value) }

    public var description: String { eseg_isa_name(value).map { String(cString: $0) } ?? "unknown" }

    public static func == (a: ISA, b: ISA) -> Bool { a.value.rawValue == b.value.rawValue }
}
