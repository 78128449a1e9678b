import Kernels

/// One node of a planned float network: its packed parameters and where its tensors lie.
protocol FloatStep {
    /// Floats that it needs to work in.
    func scratch(threads: Int) -> Int
    func run(_ call: FloatCall)
}

extension FloatStep {
    typealias Input = UnsafePointer<Float>
    typealias Output = UnsafeMutablePointer<Float>

    func scratch(threads: Int) -> Int { 0 }
}

/// What differs from one run of a float step to the next.
struct FloatCall {
    let kernels: UnsafePointer<eseg_kernels>
    /// The image's.
    let pixels: UnsafePointer<UInt8>
    let scratch: UnsafeMutablePointer<Float>
    let threads: Int32
}

/// A node that the sums do which read it.
struct FloatAbsorbedStep: FloatStep {
    func run(_ call: FloatCall) {}
}
