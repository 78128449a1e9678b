/// How a term of a sum of pyramid levels reaches the size of the sum.
package enum Resampling: String, Sendable, Equatable, CaseIterable {
    case same
    /// Nearest neighbor from a coarser level.
    case up
    /// 3×3 stride-2 max-pool from the next finer level.
    case down
}

extension Node {
    /// The node that brings term `index` of the sum `name`, the output of node `input`, to the size of node `reference`; nil where it has it.
    package static func resampling(
        _ resampling: Resampling, of input: Int, toSizeOf reference: Int, channels: Int, term index: Int, sum name: String
    ) -> Node? {
        switch resampling {
        case .same: nil
        case .up: Node(name: "\(name).up.\(index)", operation: .resize(Resize(channels: channels)), inputs: [input, reference])
        case .down: Node(name: "\(name).down.\(index)", operation: .maxPool(MaxPool(channels: channels)), inputs: [input])
        }
    }

    /// The node that brings level `index` of a pyramid, finest first, to the size of the finest, one level after the other.
    package static func descent(ofLevel index: Int, in levels: [Int], channels: Int, sum name: String) -> Node {
        Node(
            name: "\(name).up.\(index)", operation: .resize(Resize(channels: channels)), inputs: Array(levels[...index].reversed()))
    }
}
