import Kernels

/// A kernel call, planned: what one step of a plan does to the maps of an image.
protocol StepWork {
    /// Bytes that it needs to work in.
    func scratchBytes(threads: Int32) -> Int
    func run(_ call: StepCall)
}

extension StepWork {
    func scratchBytes(threads: Int32) -> Int { 0 }
}

/// What differs from one run of a step to the next.
struct StepCall {
    let kernels: UnsafePointer<eseg_kernels>
    /// The image, which is not in the arena; it is only read.
    let pixels: UnsafePointer<UInt8>
    /// Takes the class map.
    let classes: UnsafeMutablePointer<UInt8>?
    /// Takes the map of doubt, where one is wanted.
    let doubt: UnsafeMutablePointer<UInt8>?
    let threads: Int32
    let scratch: UnsafeMutablePointer<UInt8>?

    /// The map that is read: the image where it has no address of its own.
    func input(_ map: eseg_s8_map) -> eseg_s8_map {
        var map = map
        if map.data == nil { map.data = UnsafeMutablePointer(mutating: pixels) }
        return map
    }

    func input(_ map: eseg_s16_map) -> eseg_s16_map {
        var map = map
        if map.data == nil { map.data = UnsafeMutableRawPointer(mutating: pixels) }
        return map
    }
}
