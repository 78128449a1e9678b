import ArgumentParser
import ESegNetwork
import ESegRuntime

/// `eseg serve`: segments cameras until it is told to end, as a service of systemd.
struct ServeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Segments what cameras see for months, as a service.",
        discussion: """
            Cameras, outputs and the model stand in a configuration. A camera that is unplugged is waited for; a model that another file is \
            renamed over is replaced between two frames, and SIGHUP asks for that. Systemd starts it by eseg@NAME.service with the \
            configuration /etc/eseg/NAME.conf.

              model = /usr/share/eseg/Models/eseg-edge.eseg
              [camera front]
              device = /dev/video0
              folder = /var/lib/eseg/street/front
              keep = 1000
            """)

    @Argument(help: ArgumentHelp("The configuration.", valueName: "file"))
    var file: String

    @Option(
        help: ArgumentHelp(
            "Serve metrics for Prometheus at http://ADDRESS/metrics: a port of this machine alone, or ADDRESS:PORT. (default: what the configuration says, or nowhere)",
            valueName: "address"))
    var metrics: ListenAddress?

    @Flag(help: "Say whether the configuration and the model can be used, and end.")
    var check = false

    /// What status a configuration ends the program with that cannot be used: no new start will help.
    private static let wrongConfiguration = ExitCode(78)

    mutating func run() throws {
        let config = try readConfig()
        var execution = try ExecutionOptions.parse([])
        (execution.chosenThreads, execution.cpus, execution.chosenISA) = (config.threads, config.cpus, config.isa)
        let isa = try execution.prepare(startsThreads: false)
        guard !check else { return try check(config, isa) }
        let threads = config.threads ?? max(1, execution.threads / config.cameras.count)
        try Service(config, manager: ServiceManager(), isa: isa, threads: threads).run()
    }

    private func readConfig() throws -> ServiceConfig {
        do {
            var config = try ServiceConfig(contentsOf: file)
            if let metrics { config.metrics = metrics }
            return config
        } catch {
            reportError(error)
            throw Self.wrongConfiguration
        }
    }

    private func check(_ config: ServiceConfig, _ isa: ISA) throws {
        let model = try Model(contentsOf: config.model, isa: isa)
        let cameras = config.cameras.map(\.name).joined(separator: ", ")
        print("\(file): \(model.description.name) with \(model.classNames.count) classes, for \(cameras)")
    }
}
