/// The library of `Tests/Allocations`, which counts what a program that is started with it asks the system for.
enum AllocationCounter {
    private static let made = Result { try PreloadedLibrary.compile("Allocations/counter.c") }

    /// Where it is, made on first use; nil where there is no compiler.
    static func path() throws -> String? { try made.get() }
}
