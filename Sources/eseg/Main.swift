import ArgumentParser

@main
struct ESeg: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "eseg", abstract: "Quantizes and runs ESeg semantic-segmentation networks.")
}
