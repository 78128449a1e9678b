import TestSupport
import Testing

@Suite struct InspectTests {
    @Test func showsNetworkClassesAndLayers() throws {
        let result = try Tool.run("inspect", Tool.weights, "--size", "2048x1024")
        #expect(result.status == 0)
        for fact in ["eseg-edge, float", "11: sky, building", "G at 2048x1024", "backbone.stem", "conv 3x3 /2 relu6", "1024x512x32"] {
            #expect(result.output.contains(fact), "\(fact)")
        }
    }

    @Test(arguments: ["absent.eseg", "absent.safetensors"])
    func missingFilesAreNamed(name: String) throws {
        let result = try Tool.run("inspect", name)
        #expect(result.status == 1)
        #expect(result.errors.hasPrefix("eseg: error: \(name): "))
    }

    @Test func filesOfOtherKindsAreRefused() throws {
        let folder = try TemporaryFolder()
        for (name, bytes) in [("empty", []), ("text", Array("no model at all".utf8)), ("image", [0x89, 0x50, 0x4E, 0x47])] {
            for suffix in ["eseg", "safetensors"] {
                let path = try folder.write(bytes, to: "\(name).\(suffix)")
                let result = try Tool.run("inspect", path)
                #expect(result.status == 1 && result.errors.hasPrefix("eseg: error: \(path): "), "\(name).\(suffix): \(result.errors)")
            }
        }
    }
}
