/// The stages of a network, as the names of its nodes tell them: what "backbone.stem" and "backbone/block1/conv" begin with.
enum NetworkStages {
    /// The stage of each node, in order; what all names begin with tells none apart. One node alone belongs to the stage before it.
    static func of(_ names: [String]) -> [String] {
        let paths = names.map { $0.split { $0 == "." || $0 == "/" }.map(String.init) }
        let depth = commonDepth(paths)
        let own = zip(paths, names).map { path, name in depth < path.count ? path[depth] : path.last ?? name }
        let counts = Dictionary(own.map { ($0, 1) }, uniquingKeysWith: +)
        var stages: [String] = []
        for stage in own { stages.append(counts[stage] == 1 ? stages.last ?? stage : stage) }
        return Set(stages).count == 1 ? stages.map { _ in "network" } : stages
    }

    /// How many components all paths begin with, where none ends in them.
    private static func commonDepth(_ paths: [[String]]) -> Int {
        guard let first = paths.first else { return 0 }
        var depth = 0
        while paths.allSatisfy({ depth + 1 < $0.count && $0[depth] == first[depth] }) { depth += 1 }
        return depth
    }
}
