import CESeg
import ESegNetwork
import ESegRuntime

/// What a session is asked for, each number in its range.
struct SessionOptions {
    let image: MapSize
    /// What images are resized to; nil leaves that to the model.
    let input: MapSize?
    let threads: Int
    let cpus: CPUList?

    init(_ options: eseg_session_options) throws(CallError) {
        let sides = 1...Graph.imageSides.upperBound
        func side(_ value: Int32, _ name: String) throws(CallError) -> Int {
            guard sides.contains(Int(value)) else {
                throw .argument("options.\(name)", found: "\(value)", expected: "\(sides.lowerBound) to \(sides.upperBound)")
            }
            return Int(value)
        }
        image = MapSize(height: try side(options.height, "height"), width: try side(options.width, "width"))
        if options.input_width == 0 && options.input_height == 0 {
            input = nil
        } else {
            input = MapSize(height: try side(options.input_height, "input_height"), width: try side(options.input_width, "input_width"))
        }
        cpus = try Self.cpus(options.cpus)
        guard (0...Session.maximumThreads).contains(Int(options.threads)) else {
            throw .argument("options.threads", found: "\(options.threads)", expected: "1 to \(Session.maximumThreads), or 0")
        }
        threads = options.threads == 0 ? ThreadSupply.usualCount(on: cpus) : Int(options.threads)
    }

    private static func cpus(_ pointer: UnsafePointer<CChar>?) throws(CallError) -> CPUList? {
        guard let list = try text(pointer, "options.cpus") else { return nil }
        do throws(RuntimeError) {
            return try CPUList(list)
        } catch {
            guard case .cpus(let found, let expected) = error else { throw CallError(ESEG_INVALID_ARGUMENT, "options.cpus: \(error)") }
            throw .argument("options.cpus", found: found, expected: expected)
        }
    }
}
