import ESegNetwork
import Testing

@testable import Evaluation

struct NetworkStagesTests {
    @Test func aStageIsWhatNamesBeginWith() {
        let names = ["backbone.stem", "backbone.block.conv", "head.conv", "head.classifier"]
        #expect(NetworkStages.of(names) == ["backbone", "backbone", "head", "head"])
        #expect(NetworkStages.of(names.map { $0.replacing(".", with: "/") }) == ["backbone", "backbone", "head", "head"])
    }

    @Test func whatAllNamesBeginWithIsNoStage() {
        #expect(NetworkStages.of(["net/a/x", "net/a/y", "net/b/x", "net/b/y"]) == ["a", "a", "b", "b"])
        #expect(NetworkStages.of(["net.a", "net.b", "net.b.x"]) == ["a", "b", "b"])
    }

    @Test func aNodeAloneBelongsToTheStageBeforeIt() {
        #expect(NetworkStages.of(["a.x", "pool", "a.y", "fuse", "b.x", "b.y", "last"]) == ["a", "a", "a", "a", "b", "b", "b"])
    }

    @Test func withoutStagesThereIsTheNetwork() {
        #expect(NetworkStages.of(["Conv_0", "Conv_1", "Relu_2"]) == ["network", "network", "network"])
        #expect(NetworkStages.of([]) == [])
    }

    @Test func anESegHasABackboneItsPoolsABiFPNAndAHead() throws {
        let graph = try Architecture(config: try #require(ESegConfig.preset("eseg-edge"))).graph
        var stages: [String] = []
        let shown = zip(graph.nodes, graph.absorbed).dropFirst().filter { !$1 }.map(\.0.name)
        for stage in NetworkStages.of(shown) where stages.last != stage { stages.append(stage) }
        #expect(stages == ["backbone", "p6", "bifpn", "head"])
    }
}
