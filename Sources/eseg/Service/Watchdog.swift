/// Decides what a service manager's watchdog is told: that frames were finished, and whether any are to be expected.
///
/// It is fed by finished frames and by nothing else. While no camera is there and nothing is in hand, there are none to wait for: the watchdog
/// is then off.
struct Watchdog {
    /// What one camera does.
    struct Activity {
        /// How many frames were finished.
        var finished: Int
        /// Frames are in hand, or a camera is open that must give some.
        var mustFinish: Bool
    }

    /// How long the manager waits.
    let interval: Duration
    /// How the manager has it. It starts its watch when it is told that the service is ready.
    private var isOn = true
    private var lastFed: ContinuousClock.Instant
    private var cameras: [Camera] = []

    private struct Camera {
        var finished = 0
        /// Whether the manager waits for its frames.
        var isExpected = false
        /// Whether any was finished since the watchdog was fed.
        var hasFinished = false
        /// Whether the manager did not wait for them when it was fed: their time is not over before it is fed again.
        var hasJoined = false
        var lastFinish: ContinuousClock.Instant
    }

    init(interval: Duration, at now: ContinuousClock.Instant) {
        self.interval = interval
        lastFed = now
    }

    /// Called often, at least four times in an interval: what the manager is to be told now, if anything.
    mutating func observe(_ activities: [Activity], at now: ContinuousClock.Instant) -> String? {
        while cameras.count < activities.count { cameras.append(Camera(lastFinish: now - interval)) }
        for (index, activity) in activities.enumerated() { observe(activity, of: index, at: now) }
        let expected = cameras.filter(\.isExpected)
        guard !expected.isEmpty else { return turn(on: false, at: now) }
        if let message = turn(on: true, at: now) { return message }
        guard expected.allSatisfy({ $0.hasFinished || $0.hasJoined }), expected.contains(where: \.hasFinished),
            lastFed.duration(to: now) >= interval / 4
        else { return nil }
        beginInterval(at: now)
        return "WATCHDOG=1"
    }

    private mutating func observe(_ activity: Activity, of index: Int, at now: ContinuousClock.Instant) {
        if activity.finished > cameras[index].finished {
            cameras[index].hasFinished = true
            cameras[index].lastFinish = now
        }
        cameras[index].finished = activity.finished
        // Frames that come now and then do not turn it on and off.
        let isExpected = activity.mustFinish || cameras[index].lastFinish.duration(to: now) < interval / 2
        if isExpected && !cameras[index].isExpected { cameras[index].hasJoined = true }
        cameras[index].isExpected = isExpected
    }

    private mutating func beginInterval(at now: ContinuousClock.Instant) {
        lastFed = now
        for index in cameras.indices { (cameras[index].hasFinished, cameras[index].hasJoined) = (false, false) }
    }

    private mutating func turn(on: Bool, at now: ContinuousClock.Instant) -> String? {
        guard on != isOn else { return nil }
        isOn = on
        beginInterval(at: now)
        return "WATCHDOG_USEC=\(on ? Int(interval / .microseconds(1)) : 0)"
    }
}
