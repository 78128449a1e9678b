/// Metrics in Prometheus's text format, read strictly: each has its help, its type and its samples in one place, no sample is there twice,
/// and only what a type allows is there.
struct PrometheusText {
    struct Failure: Error {
        let line: String
        let reason: String
    }

    private struct Key: Hashable {
        let name: String
        let labels: [String: String]
    }

    private(set) var types: [String: String] = [:]
    private var samples: [Key: Double] = [:]

    var names: Set<String> { Set(types.keys) }

    func value(_ name: String, _ labels: [String: String] = [:]) -> Double? { samples[Key(name: name, labels: labels)] }

    init(_ text: String) throws {
        guard text.hasSuffix("\n") else { throw Failure(line: "", reason: "no line feed at the end") }
        var help: String?, current: String?
        for line in text.dropLast().split(separator: "\n", omittingEmptySubsequences: false) {
            if let match = line.wholeMatch(of: #/# HELP ([a-zA-Z_:][a-zA-Z0-9_:]*) ((?:[^\\]|\\\\|\\n)+)/#) {
                guard types[String(match.1)] == nil, help == nil else { throw Failure(line: String(line), reason: "a second help") }
                (help, current) = (String(match.1), nil)
            } else if let match = line.wholeMatch(of: #/# TYPE ([a-zA-Z_:][a-zA-Z0-9_:]*) (counter|gauge|summary)/#) {
                guard help == String(match.1) else { throw Failure(line: String(line), reason: "a type without help") }
                (help, current) = (nil, String(match.1))
                types[String(match.1)] = String(match.2)
            } else {
                try addSample(line, of: current)
            }
        }
    }

    private mutating func addSample(_ line: Substring, of metric: String?) throws {
        let pattern = #/([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{((?:[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\]|\\["\\n])*",?)+)\})? (\S+)/#
        guard let match = line.wholeMatch(of: pattern), let value = Double(match.3), let metric, let type = types[metric] else {
            throw Failure(line: String(line), reason: "no sample of a metric")
        }
        var labels: [String: String] = [:]
        for label in (match.2 ?? "").matches(of: #/([a-zA-Z0-9_]+)="((?:[^"\\]|\\["\\n])*)"/#) {
            guard labels.updateValue(Self.unescaped(label.2), forKey: String(label.1)) == nil else {
                throw Failure(line: String(line), reason: "a label twice")
            }
        }
        let name = String(match.1), suffixes = type == "summary" ? ["", "_sum", "_count"] : [""]
        guard suffixes.map({ metric + $0 }).contains(name), type == "gauge" || value >= 0 else {
            throw Failure(line: String(line), reason: "no sample of a \(type) \(metric)")
        }
        guard type != "summary" || (name == metric) == (labels["quantile"] != nil) else {
            throw Failure(line: String(line), reason: "a quantile where there is none, or none where there is one")
        }
        guard samples.updateValue(value, forKey: Key(name: name, labels: labels)) == nil else {
            throw Failure(line: String(line), reason: "a sample twice")
        }
    }

    private static func unescaped(_ text: Substring) -> String {
        var result = "", isEscaped = false
        for character in text {
            if isEscaped { result += character == "n" ? "\n" : String(character) } else if character != "\\" { result.append(character) }
            isEscaped = character == "\\" && !isEscaped
        }
        return result
    }
}
