import ESegImaging
import ESegRuntime
import Texts

/// How much memory `eseg run` will hold at most: measured as far as loading the model goes, computed for what comes then.
struct MemoryForecast {
    let size: ImageSize
    let threads: Int
    private let loaded: ResidentMemory
    private let session: Int

    /// Loads the model of a file as `eseg run` does. Throws as that does, and `Failure` where the system does not tell what a process holds.
    init(modelPath: String, size: ImageSize, threads: Int, isa: ISA) throws {
        let model = try Model(contentsOf: modelPath, isa: isa)
        guard let loaded = ResidentMemory() else { throw Failure("/proc/self/status: found no memory of this process, expected Linux") }
        self.size = size
        self.threads = threads
        self.loaded = loaded
        session = try Session.bytes(of: model, height: size.height, width: size.width, threads: threads)
    }

    /// Of images with their class maps and overlays, and of a stream's frames with their class maps. How well frames are compressed, and
    /// whether they are, makes a few parts in a hundred.
    var images: Int { peak(frames: 1, beside: Overhead.images) }
    var stream: Int { peak(frames: StreamPipeline.frames, beside: Overhead.stream) }

    private func peak(frames: Int, beside: Overhead) -> Int {
        let pixels = size.width * size.height, maps = session + frames * StreamFrame.bytesPerPixel * pixels
        let others = Overhead.process.bytes + Overhead.thread.bytes * threads + beside.bytes(pixels: pixels)
        return max(loaded.peak, loaded.now + maps + others)
    }
}

/// What else there is, as measured: libraries' pages that only running touches, stacks, codecs, files as they are read and written.
private struct Overhead {
    let bytes: Int
    var halfBytesPerPixel = 0

    func bytes(pixels: Int) -> Int { bytes + halfBytesPerPixel * pixels / 2 }

    static let process = Overhead(bytes: 1_950_000)
    static let thread = Overhead(bytes: 50_000)
    static let stream = Overhead(bytes: 800_000, halfBytesPerPixel: 3)
    static let images = Overhead(bytes: 1_500_000, halfBytesPerPixel: 4)
}

extension MemoryForecast: CustomStringConvertible {
    var description: String {
        var table = TextTable([("memory of eseg run", .left), ("", .right)])
        table.add(["model", text(loaded.now)])
        table.add(["network at \(size), threads: \(threads)", text(session)])
        table.add(["peak over images", text(images)])
        table.add(["peak over a stream", text(stream)])
        return table.description
    }

    private func text(_ bytes: Int) -> String { (Double(bytes) / 1_048_576).text(decimals: 1) + " MiB" }
}
