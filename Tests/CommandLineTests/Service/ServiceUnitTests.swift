import Foundation
import TestSupport
import Testing

@testable import eseg

/// What the package installs for systemd is what systemd takes.
@Suite struct ServiceUnitTests {
    private let folder: TemporaryFolder
    private let unit: String

    init() throws {
        folder = try TemporaryFolder()
        unit = try String(contentsOfFile: Tool.package + "/Packaging/eseg@.service", encoding: .utf8)
    }

    private func analyze(_ arguments: String...) throws -> Tool.Result? {
        let file = try folder.write(Array(unit.replacingOccurrences(of: "/usr/bin/eseg", with: Tool.path).utf8), to: "eseg@.service")
        let result = try Tool.run(["systemd-analyze"] + arguments + [file], program: "/usr/bin/env")
        guard result.status != 127 else {
            print("skipped: needs systemd-analyze")
            return nil
        }
        return result
    }

    @Test func systemdVerifiesTheUnit() throws {
        guard let result = try analyze("verify", "--man=no") else { return }
        #expect(result.status == 0 && result.errors.isEmpty, "\(result.errors)")
    }

    /// 0 is safe, 10 is not.
    @Test func systemdFindsItWellConfined() throws {
        guard let result = try analyze("security", "--offline=true", "--threshold=25", "--no-pager") else { return }
        #expect(result.status == 0, "\(result.output.suffix(300)) \(result.errors)")
    }

    @Test func itIsNotStartedAgainForWhatNoStartMends() {
        #expect(unit.contains("\nRestartPreventExitStatus=64 78\n") && unit.contains("\nStartLimitIntervalSec=0\n"))
    }

    @Test func theExampleIsAConfiguration() throws {
        let config = try ServiceConfig(contentsOf: Tool.package + "/Packaging/street.conf")
        #expect(config.cameras.map(\.name) == ["front"] && config.cameras[0].outputs.folder == "/var/lib/eseg/street/front")
    }
}
