import ESegImaging
import ESegRuntime

/// What `eseg serve` is to do, as a configuration says it.
struct ServiceConfig {
    static let keys = ["model", "threads", "cpus", "isa", "metrics", "statistics"]

    let file: String
    let model: String
    /// Of each camera.
    let threads: Int?
    let cpus: CPUList?
    let isa: ISA?
    var metrics: ListenAddress?
    /// Seconds between lines of statistics; 0 for none.
    let statistics: Int
    /// At least one, whose names, inputs and folders differ.
    let cameras: [CameraConfig]

    /// Reads a file. Throws `ConfigError`, or `NetworkError` where it cannot be read.
    init(contentsOf path: String) throws { try self.init(ConfigFile(contentsOf: path)) }

    init(_ config: ConfigFile) throws(ConfigError) {
        file = config.path
        let values = try ConfigValues(config.sections[0], of: file, keys: ServiceConfig.keys)
        guard let model = try values.path("model") else { throw values.error("model", found: "none", expected: "an .eseg file") }
        self.model = model
        threads = try values.integer("threads", 1...Session.maximumThreads)
        cpus = try values.value("cpus", expected: "CPUs by number, such as 0,2,4-7") { try? CPUList($0) }
        isa = try values.value("isa", expected: "one of this CPU's: \(ISA.supportedNames)") { ISA(name: $0) }
        metrics = try values.value("metrics", expected: ListenAddress.expected) { ListenAddress(argument: $0) }
        statistics = try values.integer("statistics", 0...86400) ?? 1
        var cameras: [CameraConfig] = []
        for section in config.sections.dropFirst() { cameras.append(try CameraConfig(section, of: file)) }
        guard !cameras.isEmpty else {
            throw ConfigError(file: file, line: nil, field: "cameras", found: "none", expected: "a section [camera NAME] for each")
        }
        try ServiceConfig.checkAreDifferent(cameras, config)
        self.cameras = cameras
    }

    /// Throws where two cameras have what only one can have.
    private static func checkAreDifferent(_ cameras: [CameraConfig], _ config: ConfigFile) throws(ConfigError) {
        let facts: [(field: String, of: (CameraConfig) -> String?)] = [
            ("camera", { $0.name }), ("input", { $0.input.path }), ("folder", { $0.outputs.folder }),
            ("stdout", { $0.outputs.stdout == nil ? nil : "a stream" }),
        ]
        for (field, fact) in facts {
            for (index, camera) in cameras.enumerated() {
                guard let value = fact(camera), let earlier = cameras[..<index].first(where: { fact($0) == value }) else { continue }
                throw ConfigError(
                    file: config.path, line: config.sections[index + 1].line, field: "[camera \(camera.name)] \(field)",
                    found: "\(value), which [camera \(earlier.name)] has too", expected: "another one, or none")
            }
        }
    }
}
