import ArgumentParser
@preconcurrency import Glibc

/// How a command that takes long shows how far it is: the option that all of them share.
struct ProgressOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "How to show on standard error how far the work is: bar, on a terminal alone; or lines, such as \"calibrating 3/16\", for programs.",
            valueName: "style"))
    var progress = ProgressStyle.bar
}

enum ProgressStyle: String, CaseIterable, ExpressibleByArgument {
    case bar, lines
}

/// How far some work is, on standard error: a bar that grows in place, silent where that is not a terminal, or a line for each step.
struct ProgressBar {
    private let title: String
    private let total: Int
    private let style: ProgressStyle
    private let isVisible: Bool
    private var done = 0

    init(_ title: String, total: Int, as style: ProgressStyle = .bar) {
        self.title = title
        self.total = max(total, 1)
        self.style = style
        isVisible = style == .lines || isatty(STDERR_FILENO) == 1
        draw()
    }

    mutating func advance() {
        done = min(done + 1, total)
        draw()
    }

    /// Removes the bar.
    func finish() {
        if isVisible && style == .bar { fputs("\r\u{1B}[K", stderr) }
    }

    private func draw() {
        guard isVisible else { return }
        guard style == .bar else { return _ = fputs("\(title) \(done)/\(total)\n", stderr) }
        let width = 30
        let filled = done * width / total
        let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: width - filled)
        fputs("\r\u{1B}[K\(title) \(bar) \(done)/\(total)", stderr)
    }
}
