@preconcurrency import Glibc

/// A bar on standard error that grows in place; silent where standard error is not a terminal.
struct ProgressBar {
    private let title: String
    private let total: Int
    private let isVisible = isatty(STDERR_FILENO) == 1
    private var done = 0

    init(_ title: String, total: Int) {
        self.title = title
        self.total = max(total, 1)
        draw()
    }

    mutating func advance() {
        done = min(done + 1, total)
        draw()
    }

    /// Removes the bar.
    func finish() {
        if isVisible { fputs("\r\u{1B}[K", stderr) }
    }

    private func draw() {
        guard isVisible else { return }
        let width = 30
        let filled = done * width / total
        let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: width - filled)
        fputs("\r\u{1B}[K\(title) \(bar) \(done)/\(total)", stderr)
    }
}
