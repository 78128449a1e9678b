import ESegRuntime
import Quantization

/// The frames worth showing, picked while a comparison runs: those with the greatest share of flipped pixels, and some
/// evenly spaced. Holds no others.
public struct FrameGallery {
    /// A frame and why it is shown.
    struct Exhibit {
        var compared: ComparedFrame
        var isWorst: Bool
        var isEvenlySpaced: Bool
    }

    private let worstCount: Int
    private let evenlySpaced: Set<Int>
    private var worst: [ComparedFrame] = []
    private var even: [ComparedFrame] = []

    /// - Parameter total: how many frames the comparison has.
    public init(worst: Int = 6, evenlySpaced: Int = 6, of total: Int) {
        worstCount = max(0, worst)
        self.evenlySpaced = Set(evenlySpacedIndices(evenlySpaced, of: total))
    }

    /// Keeps the frame if it is one to show.
    public mutating func offer(_ frame: ComparedFrame) {
        if evenlySpaced.contains(frame.index) { even.append(frame) }
        let rank = worst.firstIndex { $0.flippedShare < frame.flippedShare } ?? worst.count
        worst.insert(frame, at: rank)
        if worst.count > worstCount { worst.removeLast() }
    }

    /// The greatest share of flipped pixels first.
    var exhibits: [Exhibit] {
        let worstIndices = Set(worst.map(\.index))
        let evenIndices = Set(even.map(\.index))
        let all = worst + even.filter { !worstIndices.contains($0.index) }
        return
            all
            .map { Exhibit(compared: $0, isWorst: worstIndices.contains($0.index), isEvenlySpaced: evenIndices.contains($0.index)) }
            .sorted { ($1.compared.flippedShare, $0.compared.index) < ($0.compared.flippedShare, $1.compared.index) }
    }
}
