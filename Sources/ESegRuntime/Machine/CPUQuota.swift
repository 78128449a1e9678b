/// What the control groups of this process, its container's above all, grant it of the CPUs' time; of version 2 or 1.
public struct CPUQuota: Sendable, Equatable {
    /// How many CPUs' time it may take at most, such as 1.5; nil where nothing limits it.
    public let cpus: Double?
    /// In how many periods it was held back since its groups were made.
    let heldBack: Int

    /// The tightest of the process's group and those above it.
    public init(root: String = "/") {
        let files = SystemFiles(root: root)
        let groups = files.controlGroups
        cpus = groups.compactMap(files.quota).min()
        heldBack = groups.map(files.periodsHeldBack).reduce(0) { $0.addingReportingOverflow($1).partialValue }
    }

    /// How many of `count` threads can run all the time, at least 1. One more would stop the others whenever the quota is used up.
    public func threads(of count: Int) -> Int { cpus.map { max(1, min(count, Int($0))) } ?? count }
}

/// A control group that may limit the CPUs' time.
private struct ControlGroup {
    let folder: String
    let isVersion2: Bool
}

extension SystemFiles {
    /// Groups of this process from its own to the outermost that is visible here.
    fileprivate var controlGroups: [ControlGroup] {
        let paths = (text("/proc/self/cgroup", limit: 1 << 14) ?? "").split(separator: "\n")
            .map { $0.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false).map(String.init) }.filter { $0.count == 3 }
        return mountedGroups.flatMap { mount in
            let path = paths.first { mount.isVersion2 ? $0[0] == "0" && $0[1].isEmpty : $0[1].split(separator: ",").contains("cpu") }?[2]
            return path.map { mount.groups(of: $0) } ?? []
        }
    }

    private var mountedGroups: [ControlGroupMount] {
        (text("/proc/self/mountinfo", limit: 1 << 18) ?? "").split(separator: "\n").compactMap { ControlGroupMount(mountInfo: $0) }
    }

    /// CPUs' time that a group allows by itself.
    fileprivate func quota(_ group: ControlGroup) -> Double? {
        let numbers =
            group.isVersion2
            ? (line(group.folder + "/cpu.max") ?? "").split(separator: " ").map { Double($0) }
            : ["quota", "period"].map { integer("\(group.folder)/cpu.cfs_\($0)_us").map(Double.init) }
        guard numbers.count == 2, let time = numbers[0], let period = numbers[1], time > 0, period > 0, (time / period).isFinite,
            time / period < Double(Int32.max)
        else { return nil }
        return time / period
    }

    fileprivate func periodsHeldBack(_ group: ControlGroup) -> Int {
        for line in (text(group.folder + "/cpu.stat", limit: 4096) ?? "").split(separator: "\n") {
            let parts = line.split(separator: " ")
            if parts.count == 2, parts[0] == "nr_throttled" { return Int(parts[1]) ?? 0 }
        }
        return 0
    }
}

/// Where a hierarchy of control groups is mounted, and from which of its groups on.
private struct ControlGroupMount {
    let top: String
    let point: String
    let isVersion2: Bool

    /// A line of `/proc/self/mountinfo`; nil for what is no hierarchy that limits CPUs.
    init?(mountInfo line: Substring) {
        let halves = line.split(separator: " ", omittingEmptySubsequences: false).split(separator: "-", maxSplits: 1).map(Array.init)
        guard halves.count == 2, halves[0].count >= 5, halves[1].count >= 3 else { return nil }
        isVersion2 = halves[1][0] == "cgroup2"
        guard isVersion2 || halves[1][0] == "cgroup" && halves[1][2].split(separator: ",").contains("cpu") else { return nil }
        (top, point) = (String(halves[0][3]), String(halves[0][4]))
    }

    /// The folders of a group and those above it. One outside what is mounted stands for the mount itself, as in a container.
    func groups(of path: String) -> [ControlGroup] {
        let prefix = top == "/" ? "" : top
        var below = path == prefix || path.hasPrefix(prefix + "/") ? path.dropFirst(prefix.count) : ""
        var groups: [ControlGroup] = []
        while true {
            groups.append(ControlGroup(folder: point + (below == "/" ? "" : below), isVersion2: isVersion2))
            guard let slash = below.lastIndex(of: "/"), below != "/" else { return groups }
            below = below[..<slash]
        }
    }
}
