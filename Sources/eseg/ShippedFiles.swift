import Glibc

/// What comes with the program: a network and a few frames, in folders named as in the source tree.
struct ShippedFiles {
    let folder: String

    var model: String { folder + "/Models/eseg-edge.eseg" }
    var frames: String { folder + "/Samples/compare/images" }

    /// The files in `folder`, or, without one, those of this program: installed beside it in `../share/eseg`, or in the source tree that it
    /// was built in. Throws `Failure` where they are not there.
    init(in folder: String?) throws {
        if let folder {
            self.folder = folder
            guard access(model, F_OK) == 0 else {
                throw Failure("\(folder): files that come with eseg: found no Models/eseg-edge.eseg, expected it there")
            }
            return
        }
        let candidates = Self.candidates(program: try Self.program())
        guard let found = candidates.first(where: { access($0 + "/Models/eseg-edge.eseg", F_OK) == 0 }) else {
            throw Failure("files that come with eseg: found none in \(candidates[0]), expected them there, or --share to name their folder")
        }
        self.folder = found
    }

    /// Where a program's files may be, the likeliest first: `../share/eseg`, then the folders above it up to the root.
    static func candidates(program: String) -> [String] {
        let components = pathComponents(program).dropLast()
        let above = (0..<components.count).map { "/" + components.dropLast($0).joined(separator: "/") }
        return ["/" + (components.dropLast() + ["share", "eseg"]).joined(separator: "/")] + above
    }

    /// This program's path without symbolic links.
    private static func program() throws -> String {
        var path = [CChar](repeating: 0, count: Int(PATH_MAX))
        let length = readlink("/proc/self/exe", &path, path.count)
        guard length > 0 else {
            throw Failure("/proc/self/exe: \(String(cString: strerror(errno))); --share names the folder of what comes with eseg")
        }
        return String(decoding: path.prefix(length).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
