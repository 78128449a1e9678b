extension String {
    /// Whether `part` is in the text, byte for byte.
    ///
    /// The standard library's `contains` is in its library of patterns, which would come along with every program: half a megabyte, packed.
    func includes(_ part: String) -> Bool {
        let bytes = Array(utf8)
        return part.isEmpty || bytes.indices.contains { bytes[$0...].starts(with: part.utf8) }
    }
}
