import ESegRuntime
import Foundation

extension ISA {
    /// Instruction sets that whole networks are run with: all that this CPU supports; or the best alone where `ESEG_TEST_ISAS` is `best`, for
    /// an emulated CPU after another that has run the same instructions of the others.
    public static var underTest: [ISA] {
        ProcessInfo.processInfo.environment["ESEG_TEST_ISAS"] == "best" ? [best] : supported
    }
}
