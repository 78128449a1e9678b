import Foundation
import Testing

@testable import ESegNetwork

@Suite("A whole file")
struct WholeFileTests {
    @Test("has the file's bytes")
    func bytes() throws {
        try withTemporaryFolder { folder in
            try write([3, 1, 4, 1, 5], to: folder + "/a")
            let file = try WholeFile(folder + "/a")
            #expect(file.count == 5)
            #expect(file.withBytes { Array($0) } == [3, 1, 4, 1, 5])
        }
    }

    @Test("can be bytes in memory, which then are a copy")
    func memory() throws {
        let file = try WholeFile([2, 7, 1], name: "memory")
        #expect(file.path == "memory" && file.count == 3)
        #expect(file.withBytes { Array($0) } == [2, 7, 1])
        #expect(networkError { _ = try WholeFile([], name: "memory") }?.found == "0 bytes")
    }

    @Test("keeps them when the file is cut short, which ends who has mapped it")
    func truncation() throws {
        try withTemporaryFolder { folder in
            let bytes = (0..<100_000).map { UInt8($0 % 251) }
            try write(bytes, to: folder + "/a")
            let file = try WholeFile(folder + "/a")
            #expect(truncate(folder + "/a", 0) == 0)
            #expect(file.withBytes { Array($0) } == bytes)
        }
    }

    @Test("must fit into half of the memory")
    func size() throws {
        try withTemporaryFolder { folder in
            try write([1], to: folder + "/a")
            #expect(truncate(folder + "/a", 1 << 43) == 0)
            #expect(networkError { _ = try WholeFile(folder + "/a") }?.found == "\(1 << 43) bytes")
        }
    }

    @Test("must exist, be regular and not empty")
    func refusals() throws {
        try withTemporaryFolder { folder in
            try write([], to: folder + "/empty")
            mkfifo(folder + "/pipe", 0o600)
            #expect(networkError { _ = try WholeFile(folder + "/missing") }?.found == "No such file or directory")
            #expect(networkError { _ = try WholeFile(folder + "/empty") }?.found == "0 bytes")
            #expect(networkError { _ = try WholeFile(folder) }?.found == "a directory")
            #expect(networkError { _ = try WholeFile(folder + "/pipe") }?.found == "a pipe")
            #expect(networkError { _ = try WholeFile("/dev/zero") }?.found == "a device")
        }
    }
}
