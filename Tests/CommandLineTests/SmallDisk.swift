import Foundation
import TestSupport

/// A file system of a few kilobytes in memory, unmounted at the end of its owner's life.
final class SmallDisk {
    private let folder: TemporaryFolder
    let path: String

    /// Nil where this process may not mount.
    init?(kilobytes: Int) {
        guard getuid() == 0, let folder = try? TemporaryFolder(), let path = try? folder.makeFolder("disk"),
            SmallDisk.run("mount", "-t", "tmpfs", "-o", "size=\(kilobytes)k", "tmpfs", path)
        else { return nil }
        self.folder = folder
        self.path = path
    }

    deinit { _ = SmallDisk.run("umount", path) }

    private static func run(_ command: String...) -> Bool {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = command
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }
}
