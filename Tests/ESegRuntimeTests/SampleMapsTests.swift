import ESegImaging
import ESegRuntime
import Foundation
import Testing

/// The shipped network's class maps of the shipped frames: one hash for every machine.
@Suite struct SampleMapsTests {
    /// SHA-256 of the class maps of Samples/compare's frames, in the order of their names.
    static let hash = "11d9b74c52b572ca3c8f707adbc960e7a9226292e1b4c54d4f3b9abb422cc025"

    /// Emulated processors are slow: there the best instruction set's maps stand for all; ExactnessTests compares the others.
    static let instructionSets: [ISA] = {
        #if arch(x86_64)
            ISA.supported
        #else
            [ISA.best]
        #endif
    }()

    @Test(arguments: instructionSets)
    func classMapsAreTheSameOnEveryMachine(isa: ISA) throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path
        let model = try Model(contentsOf: root + "/Models/eseg-edge.eseg", isa: isa)
        let session = try Session(model, height: 360, width: 480, threads: 4)
        var digest = Digest()
        for path in try ImageFolder(path: root + "/Samples/compare/images").paths {
            digest.add(try session.segment(RGBImage(contentsOf: path)).classes)
        }
        #expect(digest.text == Self.hash, "\(isa)")
    }
}
