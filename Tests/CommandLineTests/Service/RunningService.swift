import Foundation
import TestSupport
import Testing

/// `eseg serve` in a folder of its own, and what it tells.
final class RunningService {
    let folder: TemporaryFolder
    let manager: NotifySocket
    private let process = Process()

    /// In the configuration and the environment, FOLDER stands for the folder. The model is a file there, `model.eseg`.
    init(
        _ config: String, model: String, threads: Int = 1, watchdog: Duration? = nil, environment: [String: String] = [:],
        socket: String? = nil
    ) throws {
        folder = try TemporaryFolder()
        let path = folder.path
        func filled(_ text: String) -> String { text.replacingOccurrences(of: "FOLDER", with: path) }
        try folder.write(Array(Data(contentsOf: URL(fileURLWithPath: model))), to: "model.eseg")
        let file = try folder.write(Array(filled("model = FOLDER/model.eseg\nthreads = \(threads)\n" + config).utf8), to: "test.conf")
        let name = socket ?? path + "/notify"
        manager = try NotifySocket(name)
        process.executableURL = URL(fileURLWithPath: Tool.path)
        process.arguments = ["serve", file]
        var variables = ProcessInfo.processInfo.environment.merging(environment.mapValues(filled)) { $1 }
        variables["NOTIFY_SOCKET"] = name
        // Ends at once by a signal, as outside of tests.
        variables["SWIFT_BACKTRACE"] = "enable=no"
        if let watchdog { variables["WATCHDOG_USEC"] = "\(Int(watchdog / .microseconds(1)))" }
        process.environment = variables
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = try FileHandle(forWritingTo: URL(fileURLWithPath: folder.write([], to: "stdout")))
        process.standardError = try FileHandle(forWritingTo: URL(fileURLWithPath: folder.write([], to: "log")))
    }

    func start() throws { try process.run() }

    deinit {
        if process.isRunning { kill(identifier, SIGKILL) }
        manager.close()
    }

    var identifier: Int32 { process.processIdentifier }
    var log: String { (try? String(contentsOfFile: folder.path + "/log", encoding: .utf8)) ?? "" }
    func files(in name: String) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder.path + "/" + name)) ?? []).filter { !$0.hasPrefix(".") }.sorted()
    }

    /// Waits until something holds; fails the test where it does not within half a minute.
    func wait(for what: String, until holds: () throws -> Bool) throws {
        let end = Date() + 30
        while try !holds() {
            guard Date() < end, process.isRunning else {
                Issue.record("\(what): \(log)\n\(manager.lines)")
                throw NotifySocket.Failure(text: what)
            }
            usleep(10_000)
        }
    }

    /// Waits until the log has a text so many times.
    func wait(forLine text: String, times: Int = 1) throws {
        try wait(for: text) { log.components(separatedBy: text).count > times }
    }

    /// Sends a signal; returns how the process ended, negative where a signal ended it.
    func end(by signal: Int32 = SIGTERM) -> Int32 {
        kill(identifier, signal)
        return ending()
    }

    func ending() -> Int32 {
        process.waitUntilExit()
        return process.terminationReason == .exit ? process.terminationStatus : -process.terminationStatus
    }

    /// Puts another file where the model is, by renaming it over.
    func replaceModel(by bytes: [UInt8]) throws {
        let new = try folder.write(bytes, to: "new.eseg")
        guard rename(new, folder.path + "/model.eseg") == 0 else { throw NotifySocket.Failure(text: "rename") }
    }

    /// Makes a named pipe, for a writer.
    func makePipe(_ name: String) throws {
        guard mkfifo(folder.path + "/" + name, 0o600) == 0 else { throw NotifySocket.Failure(text: "mkfifo") }
    }

    /// Opens a pipe to write to; waits for its reader.
    func openPipe(_ name: String) throws -> FileHandle { try FileHandle(forWritingTo: URL(fileURLWithPath: folder.path + "/" + name)) }

    /// The text of the metrics.
    func metrics() throws -> String {
        let url = try #require(log.firstMatch(of: #/metrics at http://127\.0\.0\.1:([0-9]+)\/metrics/#), "\(log)")
        let script = "exec 3<>/dev/tcp/127.0.0.1/$0; printf 'GET /metrics HTTP/1.0\\r\\n\\r\\n' >&3; cat <&3"
        let answer = try Tool.run(["-c", script, String(url.1)], program: "/bin/bash").output
        let parts = answer.components(separatedBy: "\r\n\r\n")
        #expect(parts.count == 2 && parts[0].hasPrefix("HTTP/1.0 200 OK") || parts[0].hasPrefix("HTTP/1.1 200 OK"), "\(answer)")
        #expect(parts[0].contains("Content-Type: text/plain; version=0.0.4; charset=utf-8"))
        return parts.last ?? ""
    }
}

/// Models for services: small ones, of which the first has three classes and the second five.
enum ServiceModels {
    static func first() throws -> String { try FaultInputs.path() + "/model.eseg" }
    static let second = Tool.package + "/Tests/Fixtures/format2.eseg"

    static func bytes(_ path: String) throws -> [UInt8] { Array(try Data(contentsOf: URL(fileURLWithPath: path))) }
}
