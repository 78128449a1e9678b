extension ESegConfig {
    /// What of it every network has. There must be as many names as classes.
    public func description(classNames: [String]) -> NetworkDescription {
        NetworkDescription(name: name, classNames: classNames, mean: mean, std: std)
    }
}

extension Safetensors {
    /// The metadata's config as JSON, or nil where there is none. Throws unless it is one of an ESeg.
    func familyConfig() throws(NetworkError) -> JSONValue? {
        metadata["config"] == nil ? nil : try config().json
    }

    /// The description that an `.eseg` file of version 1 or 2 gives by its config and class names.
    func descriptionByConfig() throws(NetworkError) -> NetworkDescription {
        let config = try config()
        return config.description(classNames: try classNames(count: config.classes))
    }

    func config() throws(NetworkError) -> ESegConfig { try ESegConfig(json: try metadataJSON("config"), file: path) }
}

extension Graph {
    /// Whether it is the one that a config gives. Files of versions 1 and 2 have a config whatever their graph is.
    func isBuilt(from familyConfig: JSONValue) -> Bool {
        guard let config = try? ESegConfig(json: familyConfig, file: ""), let graph = try? Architecture(config: config).graph else {
            return false
        }
        return graph == self || graph.gatheringGates() == self
    }
}
