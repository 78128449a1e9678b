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
    private let fileNames: NumberedNames
    private let keep: Int
    /// The numbers of files that are there, in rising order from `oldest` on once there are as many as are kept.
    private var numbers: [Int] = []
    private var oldest = 0

    /// Removes what is there beyond so many files, and what killed runs left unfinished. Throws `Failure` where the folder's numbered files are
    /// not this program's.
    init(_ folder: Int32, path: String, _ fileNames: NumberedNames, keep: Int) throws {
        (self.folder, self.fileNames, self.keep) = (folder, fileNames, keep)
        let names = try FrameRetention.names(in: folder, path)
        let found = names.compactMap(fileNames.number(of:)).sorted()
        if let first = found.first, !names.contains(FrameRetention.marker) {
            let file = fileNames.name(of: first)
            throw Failure(
                "\(path)/\(file): found a file that no earlier run left to be removed, expected an empty folder, or one used with --keep")
        }
        let mark = openat(folder, FrameRetention.marker, O_WRONLY | O_CREAT | O_CLOEXEC, 0o666)
        guard mark >= 0 else { throw Failure("\(path)/\(FrameRetention.marker): output: \(String(cString: strerror(errno)))") }
        close(mark)
        for name in names where name.hasPrefix(".eseg-") && name.hasSuffix(".tmp") { unlinkat(folder, name, 0) }
        // Files of one frame have one number.
        lastBefore = names.flatMap { name in NumberedNames.all.compactMap { $0.number(of: name) } }.max() ?? 0
        numbers.reserveCapacity(keep)
        for number in found.dropLast(keep) { unlinkat(folder, fileNames.name(of: number), 0) }
        numbers += found.suffix(keep)
    }

    /// Takes note of a new file, the number of which is the highest, and removes the oldest where it is one too many.
    mutating func add(_ number: Int) {
        guard numbers.count == keep else { return numbers.append(number) }
        fileNames.withName(of: numbers[oldest]) { _ = unlinkat(folder, $0, 0) }
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
}
