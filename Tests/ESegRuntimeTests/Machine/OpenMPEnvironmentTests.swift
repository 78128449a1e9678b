import Testing

@testable import ESegRuntime

@Suite struct OpenMPEnvironmentTests {
    @Test(arguments: ["0", "200", "200ms", "50us", "infinite", "INFINITE"])
    func howLongThreadsWaitForWorkIsKept(time: String) {
        #expect(OpenMPEnvironment.isKept("KMP_BLOCKTIME", time))
    }

    @Test(arguments: ["", "-1", "soon", "1s", "0x10", "99999999999999", "1,2", " 5"])
    func whatTheRuntimesParserMayEndTheProgramAtIsNot(time: String) {
        #expect(!OpenMPEnvironment.isKept("KMP_BLOCKTIME", time))
    }

    @Test func howTheyWaitIsKeptToo() {
        #expect(OpenMPEnvironment.isKept("OMP_WAIT_POLICY", "PASSIVE") && !OpenMPEnvironment.isKept("OMP_WAIT_POLICY", "lazy"))
    }

    @Test(arguments: [
        "OMP_NUM_THREADS", "OMP_THREAD_LIMIT", "OMP_PLACES", "KMP_AFFINITY", "GOMP_STACKSIZE", "LIBOMP_USE_HIDDEN_HELPER_TASK",
    ])
    func nothingElseIs(name: String) { #expect(!OpenMPEnvironment.isKept(name, "1")) }
}
