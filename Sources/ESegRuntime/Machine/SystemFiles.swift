#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The files below a root, `/` but for tests, in which Linux describes the machine. Any of them may be missing or hold anything.
struct SystemFiles {
    let root: String

    /// The start of a file, without white space and NUL bytes around it and with neither control characters nor bad UTF-8 in it;
    /// nil if there is no such file, it cannot be read, or nothing is left.
    func text(_ path: String, limit: Int = 256) -> String? {
        let descriptor = open(root + path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        let bytes = [UInt8](unsafeUninitializedCapacity: limit) { bytes, count in
            while count < limit, let base = bytes.baseAddress {
                let got = read(descriptor, base + count, limit - count)
                guard got > 0 else { return }
                count += got
            }
        }
        let isBlank = { (byte: UInt8) in byte <= UInt8(ascii: " ") }
        let trimmed = Array(bytes.drop(while: isBlank).reversed().drop(while: isBlank).reversed())
        guard !trimmed.isEmpty else { return nil }
        let scalars = String(decoding: trimmed, as: UTF8.self).unicodeScalars.filter { $0 == "\n" || $0 == "\t" || isPrintable($0) }
        return scalars.isEmpty ? nil : String(String.UnicodeScalarView(scalars))
    }

    /// A file of one line.
    func line(_ path: String) -> String? {
        text(path)?.split(separator: "\n").first.map { String($0.filter { $0 != "\t" }) }
    }

    /// A file of one decimal number, or of a hexadecimal one behind `0x`.
    func integer(_ path: String) -> Int? {
        guard let line = line(path) else { return nil }
        return line.hasPrefix("0x") ? Int(line.dropFirst(2), radix: 16) : Int(line)
    }

    private func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .unassigned, .privateUse, .surrogate: false
        default: scalar != "\u{FFFD}"
        }
    }
}
