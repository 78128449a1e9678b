import Foundation
import Testing

@testable import ESegNetwork

@Suite("A mapped file")
struct MappedFileTests {
    @Test("has the file's bytes")
    func bytes() throws {
        try withTemporaryFolder { folder in
            try write([3, 1, 4, 1, 5], to: folder + "/a")
            let file = try MappedFile(folder + "/a")
            #expect(file.count == 5)
            #expect(file.withBytes { Array($0) } == [3, 1, 4, 1, 5])
        }
    }

    @Test("can be bytes in memory, which then are a copy")
    func memory() throws {
        let file = try MappedFile([2, 7, 1], name: "memory")
        #expect(file.path == "memory" && file.count == 3)
        #expect(file.withBytes { Array($0) } == [2, 7, 1])
        #expect(networkError { _ = try MappedFile([], name: "memory") }?.found == "0 bytes")
    }

    @Test("must exist, be regular and not empty")
    func refusals() throws {
        try withTemporaryFolder { folder in
            try write([], to: folder + "/empty")
            mkfifo(folder + "/pipe", 0o600)
            #expect(networkError { _ = try MappedFile(folder + "/missing") }?.found == "No such file or directory")
            #expect(networkError { _ = try MappedFile(folder + "/empty") }?.found == "0 bytes")
            #expect(networkError { _ = try MappedFile(folder) }?.found == "a directory")
            #expect(networkError { _ = try MappedFile(folder + "/pipe") }?.found == "a pipe")
            #expect(networkError { _ = try MappedFile("/dev/zero") }?.found == "a device")
        }
    }
}
