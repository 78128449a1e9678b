import ArgumentParser
import ESegNetwork
import Evaluation
import Quantization

/// `eseg merge`: one result from the parts that runs with `--shard` wrote.
struct MergeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "merge",
        abstract: "Merges the parts that eseg quantize --shard or eseg compare --shard wrote.",
        discussion: """
            Order does not matter, and merged files can be merged again. Comparisons whose parts are all there are printed as eseg compare \
            prints them; the report then shows no frames, because the parts hold counts alone.

              eseg merge part-*.stats -o all.stats
              eseg merge part-*.comparison --json all.json --report report
            """)

    @Argument(help: ArgumentHelp("Files of one run, each part of it once.", valueName: "part"))
    var paths: [String]

    @Option(
        name: [.customShort("o"), .customLong("output")],
        help: ArgumentHelp("The merged file to write; optional for comparisons.", valueName: "file"))
    var outputPath: String?

    @Option(help: ArgumentHelp("For comparisons: also write the figures to a JSON file.", valueName: "file"))
    var json: String?

    @Option(
        help: ArgumentHelp(
            "For comparisons: also write a page with classes and layers, but no frames, into a folder, made if missing.",
            valueName: "folder"))
    var report: String?

    func run() throws {
        for path in [outputPath, json].compactMap(\.self) { try checkOutput(path, inputs: paths) }
        try checkDistinct(outputPath, json)
        if try Safetensors(contentsOf: paths[0]).metadata["format"] == ComparisonPart.format {
            try mergeComparisons()
        } else {
            try mergeStatistics()
        }
    }

    private func mergeStatistics() throws {
        if let option = json != nil ? "--json" : report != nil ? "--report" : nil {
            throw Failure("\(option): found statistics, expected comparisons")
        }
        var merged = try CalibrationPart(contentsOf: paths[0])
        guard let outputPath else { throw Failure("--output: found none, expected a file for the merged statistics") }
        for path in paths.dropFirst() { try merged.merge(CalibrationPart(contentsOf: path), from: path, with: paths[0]) }
        try merged.write(to: outputPath)
        print("\(outputPath): \(merged.header.summary)")
    }

    private func mergeComparisons() throws {
        var merged = try ComparisonPart(contentsOf: paths[0])
        for path in paths.dropFirst() { try merged.merge(ComparisonPart(contentsOf: path), from: path, with: paths[0]) }
        let isPart = !merged.header.shards.missing.isEmpty
        if outputPath == nil || json != nil || report != nil { try merged.header.requireAll(file: paths.joined(separator: ", ")) }
        if let report { try makeFolder(report) }
        if let outputPath {
            try merged.write(to: outputPath)
            print("\(outputPath): \(merged.header.summary)")
        }
        guard !isPart else { return }
        let run = merged.header.run
        let context = ReportContext(
            merged.names, classNames: merged.classNames, threads: merged.threads, isa: run["isa"] ?? "", size: run["size"] ?? "")
        try merged.tally.comparison.publish(json: json, report: report, context: context, gallery: FrameGallery(of: 0))
    }
}
