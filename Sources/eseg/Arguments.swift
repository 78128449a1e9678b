import ArgumentParser
import ESegNetwork

/// The command line's arguments behind the program's name.
struct Arguments {
    let values: [String]

    /// - Throws: `ValidationError` for an argument that is no UTF-8. `CommandLine.arguments` would repair it: a file of that name would not be
    ///   found, and an output would get another name.
    init(_ arguments: [SystemName]) throws {
        values = try arguments.map { argument in
            guard let text = argument.text else {
                throw ValidationError(
                    "\(argument.shown): found a name that is no UTF-8, expected another one, such as that of a link to it.")
            }
            return text
        }
    }

    /// Throws `ValidationError` where help was given that nobody asked for: a name with a leading dash is read as flags, and one of them may
    /// be -h.
    func checkHelpIsAsked() throws {
        let options = values.prefix { $0 != "--" }
        let isAsked =
            options.first == "help" || options.contains { ["-h", "-help"].contains($0) || Self.informing.contains(where: $0.hasPrefix) }
        guard !isAsked, let misread = options.first(where: { $0.hasPrefix("-") && $0.contains("h") }) else { return }
        throw ValidationError("Unknown option '\(misread)'. A name with a leading dash follows --, or is written ./\(misread)")
    }

    /// What options that tell about the program begin with.
    private static let informing = ["--help", "--version", "--generate-completion-script", "--experimental-dump-help"]
}

extension CommandLine {
    /// The arguments behind the program's name.
    static var names: [SystemName] {
        UnsafeBufferPointer(start: unsafeArgv, count: Int(argc)).dropFirst().compactMap { $0.map { SystemName($0) } }
    }
}
