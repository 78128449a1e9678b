import Foundation
import Testing

@testable import ESegNetwork

@Suite("An atomic file")
struct AtomicFileTests {
    private func names(in folder: String) throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: folder).sorted() }

    @Test("holds what was written, and nothing else is left")
    func write() throws {
        try withTemporaryFolder { folder in
            let bytes = (0..<100_000).map { UInt8($0 % 251) }
            try AtomicFile.write(bytes, to: folder + "/a")
            try AtomicFile.write([1, 2], to: folder + "/b")
            try AtomicFile.write([], to: folder + "/b")
            #expect(try read(folder + "/a") == bytes)
            #expect(try read(folder + "/b") == [])
            #expect(try names(in: folder) == ["a", "b"])
        }
    }

    @Test("leaves the old file and no other if the writer fails")
    func failingWriter() throws {
        try withTemporaryFolder { folder in
            try AtomicFile.write([7], to: folder + "/a")
            let error = networkError {
                try AtomicFile.write(to: folder + "/a") { (output) throws(NetworkError) in
                    try output.write([1, 2, 3])
                    throw NetworkError(file: "x", field: "y", found: "z", expected: "w")
                }
            }
            #expect(error?.file == "x")
            #expect(try read(folder + "/a") == [7])
            #expect(try names(in: folder) == ["a"])
        }
    }

    @Test("that belongs to others appears with them or not at all")
    func together() throws {
        try withTemporaryFolder { folder in
            let missing = folder + "/missing/b"
            #expect(networkError { try AtomicFile.write([(folder + "/a", [1]), (missing, [2])]) }?.file == missing)
            #expect(try names(in: folder) == [])
            try AtomicFile.write([(folder + "/a", [1]), (folder + "/b", [2])])
            #expect(try names(in: folder) == ["a", "b"])
            #expect(try read(folder + "/b") == [2])
        }
    }

    @Test("leaves nothing where the file system refuses the bytes")
    func fileTooLarge() throws {
        try withTemporaryFolder { folder in
            let refused = NetworkError(file: "", field: "", found: "", expected: "")
            let error = networkError {
                try AtomicFile.write(to: folder + "/a") { (output) throws(NetworkError) in
                    let closed = FileOutput(path: folder + "/a", descriptor: open("/dev/full", O_WRONLY))
                    defer { close(closed.descriptor) }
                    try closed.write([1])
                    throw refused
                }
            }
            #expect(error?.found == "No space left on device")
            #expect(error?.file == folder + "/a")
            let left = try names(in: folder)
            #expect(left == [])
        }
    }

    @Test("replaces a link's target, not the link")
    func link() throws {
        try withTemporaryFolder { folder in
            try AtomicFile.write([1], to: folder + "/target")
            try FileManager.default.createSymbolicLink(atPath: folder + "/link", withDestinationPath: folder + "/target")
            try AtomicFile.write([2], to: folder + "/link")
            #expect(try read(folder + "/target") == [2])
            #expect(try FileManager.default.destinationOfSymbolicLink(atPath: folder + "/link") == folder + "/target")
        }
    }

    @Test("refuses what is not a file's path, devices included")
    func refusals() throws {
        try withTemporaryFolder { folder in
            #expect(networkError { try AtomicFile.write([1], to: folder) }?.found == "a directory")
            #expect(networkError { try AtomicFile.write([1], to: "/dev/null") }?.found == "a device")
            #expect(networkError { try AtomicFile.write([1], to: folder + "/") }?.field == "output")
            #expect(networkError { try AtomicFile.write([1], to: "") }?.field == "output")
            #expect(networkError { try AtomicFile.write([1], to: folder + "/missing/a") }?.found == "No such file or directory")
            #expect(
                networkError { try AtomicFile.write([1], to: folder + "/" + String(repeating: "n", count: 300)) }?.found
                    == "File name too long")
            let left = try names(in: folder)
            #expect(left == [])
        }
    }

    @Test("refuses a link that leads to itself, and leaves it")
    func linkLoop() throws {
        try withTemporaryFolder { folder in
            try FileManager.default.createSymbolicLink(atPath: folder + "/loop", withDestinationPath: "loop")
            #expect(networkError { try AtomicFile.write([1], to: folder + "/loop") }?.found == "Too many levels of symbolic links")
            #expect(try FileManager.default.destinationOfSymbolicLink(atPath: folder + "/loop") == "loop")
        }
    }

    @Test("writes beside a name that begins with a combining mark")
    func combiningMark() throws {
        try withTemporaryFolder { folder in
            try AtomicFile.write([1], to: folder + "/\u{301}a")
            #expect(try read(folder + "/\u{301}a") == [1])
        }
    }
}
