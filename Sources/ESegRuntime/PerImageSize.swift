/// What is planned for images of one size, such as a `Session`, for images of any: one is held at a time, and planned anew only where the
/// size changes.
public struct PerImageSize<Planned> {
    private let plan: (_ height: Int, _ width: Int) throws -> Planned
    private var held: (planned: Planned, height: Int, width: Int)?

    public init(plan: @escaping (_ height: Int, _ width: Int) throws -> Planned) { self.plan = plan }

    /// The one for images of that size; throws what planning throws.
    public mutating func planned(height: Int, width: Int) throws -> Planned {
        if let held, held.height == height, held.width == width { return held.planned }
        held = nil  // Its memory is free before the next one's is taken.
        let planned = try plan(height, width)
        held = (planned, height, width)
        return planned
    }
}
