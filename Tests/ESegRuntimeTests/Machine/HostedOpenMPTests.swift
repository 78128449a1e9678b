import Testing

@testable import ESegRuntime

@Suite struct HostedOpenMPTests {
    @Test(arguments: [
        "OMP_NUM_THREADS=", "OMP_NUM_THREADS= ", "OMP_NUM_THREADS=abc", "OMP_NUM_THREADS=99999999999", "OMP_NUM_THREADS=4,,4",
        "OMP_STACKSIZE=999999G", "KMP_STACKSIZE=", "GOMP_STACKSIZE=9999999M", "OMP_STACKSIZE=-1", "KMP_PLAIN_BARRIER=",
        "KMP_FORKJOIN_BARRIER=9,9",
        "__KMP_REGISTERED_LIB_123_0=0x1-2-3",
    ])
    func whatEndsTheRuntimeIsHiddenFromIt(entry: String) { #expect(OpenMPEnvironment.isDangerous(entry)) }

    @Test(arguments: [
        "OMP_NUM_THREADS=4", "OMP_NUM_THREADS=4,2,1", "OMP_NUM_THREADS=0", "OMP_STACKSIZE=512K", "OMP_STACKSIZE=16m", "OMP_STACKSIZE=4096",
        "KMP_BLOCKTIME=0", "OMP_PROC_BIND=", "OMP_WAIT_POLICY=passive", "OMP_THREAD_LIMIT=1", "PATH=/bin", "OMP_NUM_THREADS", "",
    ])
    func theRestOfAHostsIsLeftToIt(entry: String) { #expect(!OpenMPEnvironment.isDangerous(entry)) }

    @Test func aTeamIsPreparedOnceForAThread() throws {
        for count in [1, 2, 3, 2] { try HostedOpenMP.prepareTeam(of: count) }
    }
}
