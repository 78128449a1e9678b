import ESegImaging
import ESegRuntime
import Foundation
import Testing

/// The shipped network's class maps of the shipped frames: one hash for every machine.
@Suite struct SampleMapsTests {
    /// SHA-256 of the class maps of Samples/compare's frames, in the order of their names; and of every sixth.
    static let hash = "11d9b74c52b572ca3c8f707adbc960e7a9226292e1b4c54d4f3b9abb422cc025"
    static let hashOfSome = "9d7f8c357954c40ba12a1aad7fb087556517d299a875d68045abce38470f3933"

    /// Emulated processors are slow: there the best instruction set's maps stand for all; ExactnessTests compares the others.
    static let instructionSets: [ISA] = {
        #if arch(x86_64)
            ISA.supported
        #else
            [ISA.best]
        #endif
    }()

    /// The scalar kernels take a second for a frame, and see every sixth.
    @Test(arguments: instructionSets)
    func classMapsAreTheSameOnEveryMachine(isa: ISA) throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path
        let model = try Model(contentsOf: root + "/Models/eseg-edge.eseg", isa: isa)
        let session = try Session(model, height: 360, width: 480, threads: 2)
        var all = Digest(), some = Digest()
        let isSlow = isa.description == "scalar"
        for (index, path) in try ImageFolder(path: root + "/Samples/compare/images").paths.enumerated() {
            guard index % 6 == 0 || !isSlow else { continue }
            let classes = try session.segment(RGBImage(contentsOf: path)).classes
            all.add(classes)
            if index % 6 == 0 { some.add(classes) }
        }
        if !isSlow { #expect(all.text == Self.hash, "\(isa)") }
        #expect(some.text == Self.hashOfSome, "\(isa)")
    }
}
