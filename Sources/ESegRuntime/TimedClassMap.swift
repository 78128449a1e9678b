/// A class map and how long the network took for it; resizing, reading and planning do not count.
public struct TimedClassMap: Sendable, Equatable {
    public var map: ClassMap
    public var time: Duration
    /// A value for each pixel (`DoubtMap`), where the network was calibrated for it.
    public var doubt: [UInt8]?

    public init(map: ClassMap, time: Duration, doubt: [UInt8]? = nil) {
        self.map = map
        self.time = time
        self.doubt = doubt
    }
}
