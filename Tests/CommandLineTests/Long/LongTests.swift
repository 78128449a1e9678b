import Foundation
import Testing

/// What needs PyTorch and minutes, and so is run only when it is asked for: `make test-long`.
@Suite(.serialized, .enabled(if: areLongTestsAskedFor, "these need PyTorch and minutes: `make test-long` runs them"))
struct LongTests {}

/// Whether `make test-long` runs the tests.
let areLongTestsAskedFor = ProcessInfo.processInfo.environment["ESEG_LONG_TESTS"] != nil
