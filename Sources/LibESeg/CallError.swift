import CESeg
import ESegNetwork
import ESegRuntime

/// Why a call of the library failed, as it is told to the caller.
struct CallError: Error, Equatable {
    let status: eseg_status
    let text: String

    init(_ status: eseg_status, _ text: String) {
        self.status = status
        self.text = text
    }

    /// What is wrong with an argument, or a field of one.
    static func argument(_ name: String, found: String, expected: String) -> CallError {
        CallError(ESEG_INVALID_ARGUMENT, "\(name): found \(found), expected \(expected)")
    }

    static func null(_ name: String) -> CallError { .argument(name, found: "NULL", expected: "a pointer") }

    /// What a module below reports; `status` where that does not tell it.
    init(_ error: any Error, otherwise status: eseg_status) {
        if let error = error as? CallError {
            self = error
        } else if let error = error as? RuntimeError {
            self.init(error.status, error.description)
        } else {
            self.init(status, "\(error)")
        }
    }

    static func == (a: CallError, b: CallError) -> Bool { a.status.rawValue == b.status.rawValue && a.text == b.text }
}

extension RuntimeError {
    fileprivate var status: eseg_status {
        switch self {
        case .imageSize, .threads: ESEG_INVALID_ARGUMENT
        case .threadsRefused, .cpus: ESEG_NO_THREADS
        case .outOfMemory: ESEG_NO_MEMORY
        case .unsupported: ESEG_BAD_MODEL
        }
    }
}

/// Runs what a function of the library does, and tells the caller how it ended; `failure` is the status of what errors below do not tell.
func report(
    to error: UnsafeMutablePointer<eseg_error>?, otherwise failure: eseg_status = ESEG_INVALID_ARGUMENT, _ work: () throws -> Void
) -> eseg_status {
    do {
        try work()
        return ESEG_OK
    } catch let cause {
        let failure = CallError(cause, otherwise: failure)
        error?.pointee.set(failure)
        return failure.status
    }
}

extension eseg_error {
    fileprivate mutating func set(_ error: CallError) {
        status = error.status
        withUnsafeMutableBytes(of: &message) { message in
            let text = error.text.utf8.prefix(message.count)
            // What has no place is cut off between characters.
            var length = text.count
            if length == message.count {
                let bytes = Array(text)
                repeat { length -= 1 } while length > 0 && bytes[length] & 0xc0 == 0x80
            }
            message.copyBytes(from: text.prefix(length))
            message[length] = 0
        }
    }
}
