import ESegNetwork
import Kernels

/// Codes of a map put into other places.
struct RearrangementStep: StepWork {
    let rearrangement: Rearrangement
    let input: UnsafeRawPointer?
    let output: UnsafeMutableRawPointer?

    func run(_ call: StepCall) {
        guard let input, let output else { return }
        rearrangement.run(call.kernels, input, output, threads: call.threads)
    }
}

/// What lies in another map and is there already.
struct PresentStep: StepWork {
    func run(_ call: StepCall) {}
}

/// Such a step's operator, which has no parameters.
struct PackedRearrangement: PackedLayer {
    private enum Kind {
        case selection(ChannelSelection)
        case space(DepthToSpace)
    }

    private let kind: Kind

    init(_ selection: ChannelSelection) { kind = .selection(selection) }
    init(_ space: DepthToSpace) { kind = .space(space) }

    func work(of node: Int, in plan: Plan) throws(RuntimeError) -> any StepWork {
        let input = plan.inputs(of: node)[0]
        if case .selection(let selection) = kind, let first = selection.run, plan.isSlice(node, of: input, at: first) {
            return PresentStep()
        }
        let (from, to) = (plan.shapes[input], plan.shapes[node])
        let codes = Elements(bytes: plan.packed.codeBytes(node), inputStride: plan.codeStride(input), outputStride: plan.codeStride(node))
        let rearrangement: Rearrangement
        switch kind {
        case .selection(let selection): rearrangement = try Rearrangement(selection, from: from, to: to, elements: codes, plan.tables)
        case .space(let space): rearrangement = Rearrangement(space, from: from, to: to, elements: codes)
        }
        return RearrangementStep(
            rearrangement: rearrangement,
            input: plan.map(input).data.map { UnsafeRawPointer($0) }, output: plan.map(node).data.map { UnsafeMutableRawPointer($0) })
    }
}
