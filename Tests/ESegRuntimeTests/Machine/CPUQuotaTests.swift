import Foundation
import Testing

@testable import ESegRuntime

@Suite struct CPUQuotaTests {
    private static let mount2 = "30 23 0:26 / /sys/fs/cgroup rw,nosuid shared:9 - cgroup2 cgroup2 rw,nsdelegate\n"
    private static let mount1 = """
        33 32 0:28 / /sys/fs/cgroup/systemd rw,nosuid - cgroup cgroup rw,xattr,name=systemd
        36 32 0:31 /docker/1234 /sys/fs/cgroup/cpu,cpuacct ro,nosuid master:16 - cgroup cgroup rw,cpu,cpuacct

        """

    private func quota(_ files: [String: String]) throws -> CPUQuota {
        let system = try FakeSystem(files)
        return withExtendedLifetime(system) { CPUQuota(root: system.root) }
    }

    /// A process in /work/camera of version 2.
    private func version2(_ files: [String: String]) throws -> CPUQuota {
        let system = ["/proc/self/cgroup": "0::/work/camera\n", "/proc/self/mountinfo": Self.mount2]
        return try quota(system.merging(files.map { ("/sys/fs/cgroup" + $0, $1) }) { $1 })
    }

    @Test func withoutGroupsNothingLimits() throws {
        #expect(try quota([:]).cpus == nil)
        #expect(try version2([:]).cpus == nil)
        #expect(try version2(["/work/camera/cpu.max": "max 100000\n"]).cpus == nil)
        #expect(try quota([:]).threads(of: 8) == 8)
    }

    @Test func theTightestOfAGroupAndThoseAboveItCounts() throws {
        #expect(try version2(["/work/camera/cpu.max": "150000 100000\n"]).cpus == 1.5)
        #expect(try version2(["/work/camera/cpu.max": "max 100000\n", "/work/cpu.max": "250000 100000\n"]).cpus == 2.5)
        #expect(try version2(["/work/camera/cpu.max": "400000 100000\n", "/cpu.max": "100000 50000\n"]).cpus == 2)
    }

    @Test func aContainerSeesItsGroupAsTheOutermost() throws {
        let files = ["/proc/self/cgroup": "0::/\n", "/proc/self/mountinfo": Self.mount2, "/sys/fs/cgroup/cpu.max": "300000 100000\n"]
        #expect(try quota(files).cpus == 3)
    }

    @Test(arguments: ["/docker/1234", "/", "/elsewhere"]) func aContainerOfVersion1Too(path: String) throws {
        let folder = "/sys/fs/cgroup/cpu,cpuacct/"
        let files = [
            "/proc/self/cgroup": "9:name=systemd:/docker/1234\n4:cpu,cpuacct:\(path)\n0::/\n", "/proc/self/mountinfo": Self.mount1,
            folder + "cpu.cfs_quota_us": "50000\n", folder + "cpu.cfs_period_us": "100000\n",
        ]
        #expect(try quota(files).cpus == 0.5)
        #expect(try quota(files.merging([folder + "cpu.cfs_quota_us": "-1\n"]) { $1 }).cpus == nil)
    }

    @Test(arguments: ["", "\n", "100000\n", "-1 100000\n", "100000 0\n", "nan nan\n", "inf 1\n", "1e300 1e-300\n", "1 2 3\n", "\u{1B}[2J"])
    func whatIsNoQuotaLimitsNothing(text: String) throws {
        #expect(try version2(["/work/camera/cpu.max": text]).cpus == nil)
        #expect(try quota(["/proc/self/cgroup": text, "/proc/self/mountinfo": text]).cpus == nil)
    }

    @Test func asManyThreadsRunAsHaveTimeAtLeastOne() throws {
        for (limit, threads) in [("20000", 1), ("100000", 1), ("190000", 1), ("250000", 2), ("400000", 4), ("900000", 4)] {
            #expect(try version2(["/work/camera/cpu.max": limit + " 100000"]).threads(of: 4) == threads)
        }
    }

    @Test func periodsInWhichItWasHeldBackAreCounted() throws {
        let stat = "usage_usec 11\nnr_periods 40\nnr_throttled 12\nthrottled_usec 512\n"
        #expect(try version2(["/work/camera/cpu.stat": stat, "/work/cpu.stat": "nr_throttled 3\n"]).heldBack == 15)
        #expect(try version2(["/work/camera/cpu.stat": "nr_throttled many\n"]).heldBack == 0)
    }
}
