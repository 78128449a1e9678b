/// A class map and how long the network took for it; resizing, reading and planning do not count.
public struct TimedClassMap: Sendable, Equatable {
    public var map: ClassMap
    public var time: Duration

    public init(map: ClassMap, time: Duration) {
        self.map = map
        self.time = time
    }
}
