import ESegNetwork
import ESegRuntime
@preconcurrency import Glibc

/// What tells whether a file is still the same one, unchanged.
struct FileState: Equatable, Sendable {
    private let device: UInt64
    private let inode: UInt64
    private let size: Int
    private let changes: [Int]

    /// Nil where there is no file.
    init?(_ path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        (device, inode, size) = (UInt64(status.st_dev), UInt64(status.st_ino), Int(status.st_size))
        changes = [status.st_mtim.tv_sec, status.st_mtim.tv_nsec, status.st_ctim.tv_sec, status.st_ctim.tv_nsec]
    }
}

/// A model as it was loaded from a file.
struct LoadedModel: Sendable {
    let model: Model
    /// The file's SHA-256 in hexadecimal digits, as `sha256sum` gives it.
    let hash: String
    fileprivate let state: FileState?

    /// Throws where the file is no model that can be run.
    init(contentsOf path: String, isa: ISA) throws {
        state = FileState(path)
        var fingerprint = Fingerprint()
        model = try Model(contentsOf: path, isa: isa) { fingerprint.add(Array($0)) }
        hash = fingerprint.text
    }
}

/// Notices that another file is where a model was, and loads it on a thread of its own.
///
/// A file that is written to is left until it rests between two looks. One that cannot be loaded is tried again when it changes.
final class ModelWatch {
    enum Outcome {
        case loaded(LoadedModel)
        case failed(any Error)
        /// Yet another file came meanwhile, which is next.
        case superseded
    }

    private let path: String
    private let isa: ISA
    private let accept: @Sendable (LoadedModel) throws -> Void
    /// The file that was tried last, and the one that was there at the last look.
    private var tried: FileState?
    private var seen: FileState?
    private var loading: Worker?
    private let outcome = Guarded<Outcome?>(nil)

    /// Watches the file of a model. `accept` is called on the loading thread with a new one, and throws where that cannot be run.
    init(_ path: String, _ loaded: LoadedModel, isa: ISA, accept: @escaping @Sendable (LoadedModel) throws -> Void) {
        (self.path, self.isa, self.accept) = (path, isa, accept)
        (tried, seen) = (loaded.state, loaded.state)
    }

    deinit { loading?.join() }

    /// Looks at the file; called about once a second. Begins to load where there is another one, or where `isAsked`. Returns true where it
    /// begins. Throws `Failure` where the system has no thread left.
    func look(isAsked: Bool) throws -> Bool {
        guard loading == nil else { return false }
        let now = FileState(path), rests = now == seen
        seen = now
        guard isAsked || (rests && now != nil && now != tried) else { return false }
        tried = now
        let path = path, isa = isa, accept = accept, outcome = outcome
        loading = try Worker {
            // Frames come first.
            setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, 10)
            let ended = ModelWatch.load(path, isa, accept)
            outcome { $0 = ended }
        }
        return true
    }

    private static func load(_ path: String, _ isa: ISA, _ accept: (LoadedModel) throws -> Void) -> Outcome {
        let state = FileState(path)
        do {
            let loaded = try LoadedModel(contentsOf: path, isa: isa)
            guard FileState(path) == state else { return .superseded }
            try accept(loaded)
            return .loaded(loaded)
        } catch {
            return FileState(path) == state ? .failed(error) : .superseded
        }
    }

    /// What became of loading, once it is over; nil before, and after it was told.
    func takeOutcome() -> Outcome? {
        guard let loading, let ended = outcome({ $0 }) else { return nil }
        loading.join()
        self.loading = nil
        outcome { $0 = nil }
        if case .loaded(let loaded) = ended { tried = loaded.state }
        return ended
    }
}
