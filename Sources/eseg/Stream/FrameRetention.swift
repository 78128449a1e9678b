@preconcurrency import Glibc

/// The numbered files of a folder, of which the newest are kept.
///
/// A marker says that the folder's numbered files are this program's: no others are removed.
struct FrameRetention {
    static let counts = 1...1_000_000
    static let marker = ".eseg-frames"

    /// The number of the last file that was there at first; 0 where none was.
    let lastBefore: Int
    private let folder: Int32
    private let suffix: StaticString
    private let keep: Int
    /// The numbers of files that are there, in rising order from `oldest` on once there are as many as are kept.
    private var numbers: [Int] = []
    private var oldest = 0

    /// Removes what is there beyond so many files, and what killed runs left unfinished. Throws `Failure` where the folder's numbered files are
    /// not this program's.
    init(_ folder: Int32, path: String, suffix: StaticString, keep: Int) throws {
        (self.folder, self.suffix, self.keep) = (folder, suffix, keep)
        let names = try FrameRetention.names(in: folder, path)
        let found = names.compactMap { FrameRetention.number(of: $0, suffix) }.sorted()
        if let first = found.first, !names.contains(FrameRetention.marker) {
            let file = FrameFolder.name(of: first, suffix)
            throw Failure(
                "\(path)/\(file): found a file that no earlier run left to be removed, expected an empty folder, or one used with --keep")
        }
        let mark = openat(folder, FrameRetention.marker, O_WRONLY | O_CREAT | O_CLOEXEC, 0o666)
        guard mark >= 0 else { throw Failure("\(path)/\(FrameRetention.marker): output: \(String(cString: strerror(errno)))") }
        close(mark)
        for name in names where name.hasPrefix(".eseg-") && name.hasSuffix(".tmp") { unlinkat(folder, name, 0) }
        lastBefore = found.last ?? 0
        numbers.reserveCapacity(keep)
        for number in found.dropLast(keep) { unlinkat(folder, FrameFolder.name(of: number, suffix), 0) }
        numbers += found.suffix(keep)
    }

    /// Takes note of a new file, the number of which is the highest, and removes the oldest where it is one too many.
    mutating func add(_ number: Int) {
        guard numbers.count == keep else { return numbers.append(number) }
        FrameFolder.withName(of: numbers[oldest], suffix) { _ = unlinkat(folder, $0, 0) }
        numbers[oldest] = number
        oldest = (oldest + 1) % keep
    }

    private static func names(in folder: Int32, _ path: String) throws -> [String] {
        func unreadable() -> Failure { Failure("\(path): output folder: \(String(cString: strerror(errno)))") }
        let descriptor = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw unreadable() }
        guard let stream = fdopendir(descriptor) else {
            defer { close(descriptor) }
            throw unreadable()
        }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            // Names that are no text are nobody's here: repaired ones have other characters than these.
            let name = withUnsafeBytes(of: entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
            names.append(name)
        }
        return names
    }

    /// The number of a file, where its name is one that `FrameFolder` gives.
    private static func number(of name: String, _ suffix: StaticString) -> Int? {
        guard name.hasSuffix("\(suffix)"), let number = Int(name.prefix { $0 != "." }), number > 0, number < 1 << 53 else { return nil }
        return FrameFolder.name(of: number, suffix) == name ? number : nil
    }
}
