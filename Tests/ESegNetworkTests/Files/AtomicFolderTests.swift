import Foundation
import Testing

@testable import ESegNetwork

@Suite("A folder of atomic files")
struct AtomicFolderTests {
    private func names(in folder: String) throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: folder).sorted() }

    private func write(_ first: (String, [UInt8]), _ second: (String, [UInt8]), in folder: AtomicFolder) throws(NetworkError) {
        let result = first.1.withUnsafeBytes { a in
            second.1.withUnsafeBytes { b in
                Result { () throws(NetworkError) in try folder.write((first.0, a), (second.0, b)) }
            }
        }
        try result.get()
    }

    @Test("holds what was written last, and nothing else")
    func pairs() throws {
        try withTemporaryFolder { path in
            let folder = try AtomicFolder(path), long = (0..<100_000).map { UInt8($0 % 251) }
            try write((path + "/a", [1]), (path + "/b", long), in: folder)
            try write((path + "/a", []), (path + "/c", [2, 3]), in: folder)
            #expect(try read(path + "/a") == [] && read(path + "/b") == long && read(path + "/c") == [2, 3])
            #expect(try names(in: path) == ["a", "b", "c"])
        }
    }

    @Test("replaces what links lead to, not the links")
    func links() throws {
        try withTemporaryFolder { path in
            let folder = try AtomicFolder(path)
            try AtomicFile.write([1], to: path + "/target")
            try FileManager.default.createSymbolicLink(atPath: path + "/link", withDestinationPath: path + "/target")
            try write((path + "/link", [5]), (path + "/b", [6]), in: folder)
            #expect(try read(path + "/target") == [5] && read(path + "/b") == [6])
            #expect(try FileManager.default.destinationOfSymbolicLink(atPath: path + "/link") == path + "/target")
        }
    }

    @Test("takes another temporary name where its own is there")
    func strangers() throws {
        try withTemporaryFolder { path in
            let folder = try AtomicFolder(path), strange = ".eseg-\(getpid())-second.tmp"
            try AtomicFile.write([9], to: path + "/" + strange)
            try write((path + "/a", [1]), (path + "/b", [2]), in: folder)
            #expect(try read(path + "/a") == [1] && read(path + "/b") == [2] && read(path + "/" + strange) == [9])
            #expect(try names(in: path) == [strange, "a", "b"])
        }
    }

    @Test("names a file that cannot be written, and leaves neither")
    func failure() throws {
        try withTemporaryFolder { path in
            let folder = try AtomicFolder(path)
            try FileManager.default.createDirectory(atPath: path + "/b", withIntermediateDirectories: false)
            let error = networkError { try write((path + "/a", [1]), (path + "/b", [2]), in: folder) }
            #expect(error?.description == "\(path)/b: output: found a directory, expected the path of a file to write")
            #expect(try names(in: path) == ["b"])
            #expect(networkError { _ = try AtomicFolder(path + "/absent") }?.field == "output folder")
        }
    }
}
