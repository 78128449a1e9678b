import ESegNetwork
import Kernels

/// Pixels to normalized values.
struct FloatImageStep: FloatStep {
    private let scale: [Float]
    private let offset: [Float]
    private let shape: Shape
    private let output: Output

    init(_ description: NetworkDescription, shape: Shape, output: Output) {
        scale = description.std.map { Float(1 / (255 * Double($0))) }
        offset = zip(description.mean, description.std).map { Float(-Double($0) / Double($1)) }
        self.shape = shape
        self.output = output
    }

    func run(_ call: FloatCall) {
        eseg_f32_normalize_run(call.kernels, call.pixels, Int32(shape.height), Int32(shape.width), scale, offset, output, call.threads)
    }
}
